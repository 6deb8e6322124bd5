"""Worker processes with limits, in which hostile files may be read: the pool, a worker, its inside, the bounds."""
