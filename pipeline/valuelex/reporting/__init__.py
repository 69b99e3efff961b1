"""From artifacts to pages: no computation happens here."""
