"""One run of an ingest: files are prepared, what came of them is sorted and written, and all of it is told."""
