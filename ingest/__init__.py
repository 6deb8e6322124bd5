"""Files to documents to chunks to the index, and back out by search. Judges nothing and answers nothing."""
