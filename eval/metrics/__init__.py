"""The metrics: a file each, found by their file names; what each offers is told in `eval/measures.py`."""
