"""What a run took: the functions' time and memory, Systems Manager's calls, the state machine's transitions."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# What the emulator has counted (meter.py), in the run's folder.
USAGE = "usage.json"
# What Step Functions allows, in bytes: a state's input or output, and a definition.
STATE_LIMIT, DEFINITION_LIMIT = 256 * 1024, 1024 * 1024


@dataclass(frozen=True)
class FunctionUse:
    """A function's invocations together; `peak_mb` is None where no process of it is left to ask."""

    invocations: int
    billed_ms: int
    memory_mb: int
    peak_mb: float | None = None

    @property
    def gb_seconds(self) -> float:
        """At the configured memory, as Lambda bills it."""
        return self.billed_ms / 1000 * self.memory_mb / 1024


@dataclass(frozen=True)
class Footprint:
    """One run."""

    run: dict[str, Any]
    functions: dict[str, FunctionUse]
    ssm_calls: dict[str, int]
    state_transitions: int
    largest_state_bytes: int
    definition_bytes: int

    @property
    def gb_seconds(self) -> float:
        return sum(use.gb_seconds for use in self.functions.values())

    @property
    def invocations(self) -> int:
        return sum(use.invocations for use in self.functions.values())

    def text(self) -> str:
        routers, calls = max(self.run["routers"], 1), sum(self.ssm_calls.values())
        return "\n".join([
            *(f"{name}: {_line(use)}" for name, use in sorted(self.functions.items())),
            f"functions together: {self.invocations} invocations, {self.gb_seconds:.2f} GB-seconds",
            f"Systems Manager's calls: {calls}, {calls / routers:.2f} per router "
            f"({', '.join(f'{name} {count}, {count / routers:.2f}' for name, count in sorted(self.ssm_calls.items()))})",
            f"state transitions: {self.state_transitions}",
            f"largest input or output of a state: {_share(self.largest_state_bytes, STATE_LIMIT)}; "
            f"definition: {_share(self.definition_bytes, DEFINITION_LIMIT)}"])

    def write(self, file: Path) -> None:
        """As JSON that `read` and other programs understand."""
        functions = {name: asdict(use) | {"gb_seconds": round(use.gb_seconds, 6)} for name, use in self.functions.items()}
        file.write_text(json.dumps(asdict(self) | {"functions": functions}, indent=1, sort_keys=True) + "\n")


def measure(folder: Path, run: dict[str, Any], definition: str) -> Footprint:
    """The footprint of the run in a folder; `run` says what kind of run it was, and its `routers`."""
    usage, peaks = json.loads((folder / USAGE).read_text()), _peaks(folder)
    functions = {name: FunctionUse(**use, peak_mb=peaks.get(name)) for name, use in usage.pop("functions").items()}
    return Footprint(run, functions, **usage, definition_bytes=len(definition.encode()))


def read(file: Path) -> Footprint:
    """What `write` has written."""
    written = json.loads(file.read_text())
    functions = {name: FunctionUse(**{key: value for key, value in use.items() if key != "gb_seconds"})
                 for name, use in written.pop("functions").items()}
    return Footprint(functions=functions, **written)


def _line(use: FunctionUse) -> str:
    peak = "peak memory not known" if use.peak_mb is None else f"peak memory {use.peak_mb:.0f} MB"
    return f"{use.invocations} invocations, {use.billed_ms / 1000:.3f} s billed, {use.gb_seconds:.2f} GB-seconds, {peak}"


def _share(size: int, limit: int) -> str:
    return f"{size / 1024:.1f} KiB ({100 * size / limit:.1f} % of what is allowed)"


def _peaks(folder: Path) -> dict[str, float]:
    """Peak resident memory of the functions' processes in MB: the emulator keeps them warm."""
    peaks: dict[str, float] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = dict(entry.split("=", 1) for entry in (process / "environ").read_bytes().decode(errors="replace").split("\0")
                               if "=" in entry)
            name = environment.get("AWS_LAMBDA_FUNCTION_NAME", "")
            if not name or not str((process / "exe").readlink()).startswith(str(folder / "tmp")):
                continue
            status = (process / "status").read_text()
        except OSError:
            continue
        peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
        peaks[name] = max(round(peak / 1024, 1), peaks.get(name, 0.0))
    return peaks
