"""One file a system that retrieval is compared with, each run as a process of its own by `eval/bench_peers.py`.

They run in whatever interpreter has the system installed: only the standard library and `eval/peers/job.py` are theirs.
"""
