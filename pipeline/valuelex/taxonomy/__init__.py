"""From loadings and meaning to named dimensions, sub-dimensions and their terms."""
