"""What a worker process may use for one job, and what is said of a job that gave nothing. Enforces nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one job. A sign of life is its start, a call of `alive()`, and any part of its result."""

    memory_bytes: int = 1_000_000_000  # address space beyond what the worker maps when the job starts (Linux only)
    seconds: float = 60.0  # wall time since the last sign of life
    cpu_seconds: float = 20.0  # processor time since the last sign of life, in whole seconds
    total_seconds: float = 1800.0  # wall time of the whole job, however lively it is
    output_bytes: int = 200_000_000  # the largest result


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job gave no result."""

    code: str  # "timeout", "memory", "crashed" or "output"
    reason: str  # for people: what happened, how much was allowed, which setting raises that


def out_of_time(limits: Limits) -> Failure:
    """Nothing was heard of the job for too long."""
    return Failure(
        "timeout",
        f"it took longer than {limits.seconds:g} s without getting anywhere; PARAPET_READING_SECONDS allows more",
    )


def out_of_processor_time(limits: Limits) -> Failure:
    """The job computed for too long without a sign of life."""
    return Failure(
        "timeout",
        f"it computed longer than {limits.cpu_seconds:g} s without getting anywhere; "
        "PARAPET_READING_CPU_SECONDS allows more",
    )


def out_of_total_time(limits: Limits) -> Failure:
    """The whole job took too long, though it went on."""
    return Failure(
        "timeout", f"it took longer than {limits.total_seconds:g} s; PARAPET_READING_TOTAL_SECONDS allows more"
    )


def out_of_memory(limits: Limits) -> Failure:
    """The job asked for more memory than it may have."""
    return Failure(
        "memory",
        f"it needs more than {limits.memory_bytes:,} bytes of memory; PARAPET_READING_MEMORY_BYTES allows more",
    )


def too_much_output(limits: Limits, size: int) -> Failure:
    """The result is larger than the parent takes."""
    return Failure(
        "output",
        f"what was read from it has {size:,} bytes; PARAPET_READING_OUTPUT_BYTES allows {limits.output_bytes:,}",
    )
