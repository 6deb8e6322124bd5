"""Recognisers of personal data, one file a kind: where it stands in a text and how sure that is. Nothing is decided."""
