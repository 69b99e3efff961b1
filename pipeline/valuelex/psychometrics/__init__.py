"""Statistics: plain arrays in, documented results out; nothing here knows what a model is."""
