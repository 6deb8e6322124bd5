"""Exit 0 when the installed torch is a CUDA build, which needs the libraries of requirements-cuda.lock."""

import sys
from importlib.metadata import requires

sys.exit(0 if any(line.startswith("nvidia-") for line in requires("torch") or []) else 1)
