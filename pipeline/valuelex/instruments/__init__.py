"""Instruments: data and a key; the model that answers is outside."""
