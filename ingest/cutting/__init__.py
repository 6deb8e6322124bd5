"""Documents to chunks: where a text may be broken, and what goes together."""
