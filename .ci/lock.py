"""Write the lock files from pyproject.toml (needs uv; called by `make lock`).

requirements.lock       everything that running Parapet takes, for every platform
requirements-dev.lock   what the tests and checks take on top
requirements-cpu.lock   the CPU build of torch for Linux, tried first: the wheels found in the folders of PIP_FIND_LINKS
requirements-cuda.lock  what the index's CUDA build of torch takes on top; skipped where the CPU build was installed
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CUDA = re.compile(r"^(nvidia-|cuda-|triton)")
Entries = list[tuple[str, str]]  # name and requirement with hashes; a name may come twice, with different markers


def compile_lock(uv: str, *extra: str) -> Entries:
    """The resolved requirements, each with its hashes."""
    command = [uv, "pip", "compile", "pyproject.toml", ".ci/build.in", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    text = subprocess.run([*command, "-q", *extra], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    entries = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    return [(re.split(r"[=<>\[ @]", entry, maxsplit=1)[0], entry) for entry in entries]


def cpu_torch(version: str) -> list[str]:
    """The CPU build of torch with the hashes already known and those of the wheels at hand."""
    path = ROOT / "requirements-cpu.lock"
    known = path.read_text() if path.exists() else ""
    hashes = set(re.findall(r"sha256:(\w+)", known)) if f"torch=={version}+cpu" in known else set()
    for folder in os.environ.get("PIP_FIND_LINKS", "").split():
        for wheel in Path(folder).glob(f"torch-{version}+cpu-*.whl"):
            hashes.add(hashlib.sha256(wheel.read_bytes()).hexdigest())
    lines = [f"torch=={version}+cpu ; sys_platform == 'linux'", *(f"    --hash=sha256:{h}" for h in sorted(hashes))]
    return [" \\\n".join(lines)] if hashes else []


def write(name: str, entries: list[str]) -> None:
    """One lock file, with a line that says where it comes from."""
    (ROOT / name).write_text("# Written by `make lock` from pyproject.toml; do not edit.\n" + "\n".join(entries) + "\n")


def main() -> None:
    """Resolve, split and write."""
    uv = sys.argv[1] if len(sys.argv) > 1 else "uv"
    run = compile_lock(uv)
    dev = compile_lock(uv, "--extra", "dev")
    version = next(re.match(r"torch==([\d.]+)", entry)[1] for name, entry in run if name == "torch")
    names = {name for name, _ in run}
    write("requirements.lock", [entry for name, entry in run if not CUDA.match(name)])
    write("requirements-cuda.lock", [entry for name, entry in run if CUDA.match(name)])
    write("requirements-dev.lock", [entry for name, entry in dev if name not in names])
    write("requirements-cpu.lock", cpu_torch(version))


if __name__ == "__main__":
    main()
