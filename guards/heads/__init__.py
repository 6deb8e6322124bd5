"""Learnt heads: numbers in JSON, each with its card, written by `python -m eval.train_guard`. No code is loaded."""
