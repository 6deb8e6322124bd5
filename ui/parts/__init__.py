"""Pieces that the pages draw with: an answer, its sources, the verdicts, a turn in progress."""
