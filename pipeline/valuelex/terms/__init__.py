"""Words: from the text of a reply to mentions, and from mentions to terms."""
