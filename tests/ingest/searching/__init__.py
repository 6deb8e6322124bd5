"""Tests of the way from a question to passages."""
