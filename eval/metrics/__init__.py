"""The metrics: a file each, with `score(case, answer) -> Score`; found by their file names."""
