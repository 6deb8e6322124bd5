"""Write the three lock files from pyproject.toml (needs uv; called by `make lock`).

requirements.lock       everything that running Parapet takes, for every platform
requirements-dev.lock   what the tests and checks take on top
requirements-cuda.lock  what PyPI's CUDA build of torch takes on top; skipped where a CPU wheel was installed

Hashes of CPU wheels of torch found in the folders of PIP_FIND_LINKS join the ones of the index, so one lock holds on both.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CUDA = re.compile(r"^(nvidia-|cuda-|triton)")


def compile_lock(uv: str, *extra: str) -> dict[str, str]:
    """The resolved requirements, each with its hashes, by name."""
    command = [
        uv,
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "-q",
        *extra,
    ]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    entries = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    return {re.split(r"[=<>\[ @]", entry, maxsplit=1)[0]: entry for entry in entries}


def torch_wheels(version: str) -> list[str]:
    """Hashes of the CPU wheels of this version of torch that lie in the configured wheel folders."""
    found = []
    for folder in os.environ.get("PIP_FIND_LINKS", "").split():
        for wheel in sorted(Path(folder).glob(f"torch-{version}+cpu-*.whl")):
            found.append(f"    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    return found


def main() -> None:
    """Resolve, split and write."""
    uv = sys.argv[1] if len(sys.argv) > 1 else "uv"
    build = ROOT / ".ci" / "build.in"
    run = compile_lock(uv, str(build))
    dev = compile_lock(uv, str(build), "--extra", "dev")
    version = re.match(r"torch==([\d.]+)", run["torch"]).group(1)  # type: ignore[union-attr]
    lines = torch_wheels(version)
    for line in lines:
        if line.strip() not in run["torch"]:
            run["torch"] += " \\\n" + line
    write("requirements.lock", [e for n, e in run.items() if not CUDA.match(n)])
    write("requirements-cuda.lock", [e for n, e in run.items() if CUDA.match(n)])
    write("requirements-dev.lock", [e for n, e in dev.items() if n not in run])


def write(name: str, entries: list[str]) -> None:
    """One lock file, with a line that says where it comes from."""
    (ROOT / name).write_text("# Written by `make lock` from pyproject.toml; do not edit.\n" + "\n".join(entries) + "\n")


if __name__ == "__main__":
    main()
