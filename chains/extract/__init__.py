"""The answer without a language model: which sentences of the passages answer, and how they are joined.

`composing` is the way in; `chains/models/extractive.py` is the model that calls it. Nothing here embeds, reads a
setting or knows the library: the evidence comes as plain data, similarities and all.
"""
