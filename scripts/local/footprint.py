"""What a run took: the functions' memory, Systems Manager's calls, the state machine's transitions."""

import json
from pathlib import Path

from .execution import Execution

# How often each of Systems Manager's operations was called.
CALLS = "calls.json"
# Those that the functions make; Terraform makes others.
OURS = ("GetParametersByPath", "DescribeInstanceInformation", "SendCommand", "GetCommandInvocation", "ListCommands",
        "CancelCommand")



def text(folder: Path, execution: Execution, routers: int) -> str:
    peaks = ", ".join(f"{name} {kilobytes / 1024:.0f} MB" for name, kilobytes in sorted(_peaks(folder).items()))
    calls = json.loads((folder / CALLS).read_text()) if (folder / CALLS).exists() else {}
    of_ours = {name: count for name, count in calls.items() if name in OURS}
    details = ", ".join(f"{name} {count}" for name, count in sorted(of_ours.items()))
    return (f"functions' peak memory: {peaks or 'not known'}\n"
            f"Systems Manager's calls per router: {sum(of_ours.values()) / max(routers, 1):.1f} ({details})\n"
            f"state transitions: {len(execution.progress().states)}")


def _peaks(folder: Path) -> dict[str, int]:
    """Peak resident memory of the functions' processes in kB: the emulator keeps them warm."""
    peaks: dict[str, int] = {}
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
        peaks[name] = max(peak, peaks.get(name, 0))
    return peaks
