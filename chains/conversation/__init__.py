"""How a question is understood from those before it: by rule (leaning, frames, resolving) or by a model (rewriting)."""
