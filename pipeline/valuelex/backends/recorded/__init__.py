"""Replies that were recorded elsewhere: read strictly, kept in the reply store as any other."""
