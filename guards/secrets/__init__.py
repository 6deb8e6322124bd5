"""Recognisers of keys, tokens and passwords: by published form, block, place, name and sentence."""
