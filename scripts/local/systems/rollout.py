"""The command line of a local run of a system whose executions are rollouts: recovery, upgrade."""

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..network_file import REPO
from ..processes import Daemons, StartFailed

Run = Callable[[argparse.Namespace, Path, Daemons], bool]


def parser(system: str, description: str, faults: Mapping[str, str]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog=f"scripts/run-local {system}", description=description,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--fault", choices=[*faults], metavar="FAULT",
                     help="; ".join(f"{kind}: {text}" for kind, text in faults.items()))
    top.add_argument("--approve", choices=["ask", "yes", "no"], default="yes",
                     help="the wave that waits for an approval (default: %(default)s)")
    top.add_argument("--report", metavar="FILE", type=Path, help="write what came of it as JSON")
    top.add_argument("--skip-build", action="store_true", help=f"take dist/{system}.zip and the operator's tool as they are")
    return top


def main(system: str, description: str, faults: Mapping[str, str], run: Run) -> int:
    """Its exit status; `run` says whether all came as it should, and may import what the virtual environment has."""
    options = parser(system, description, faults).parse_args()
    # Not above: --help must work before the virtual environment exists.
    from botocore.exceptions import BotoCoreError, ClientError

    from ..cli import _leave_logs_only, _new_run
    from ..deploy import DeployFailed

    if not (REPO / f"dist/{system}.zip").is_file():
        print(f"run-local: error: there is no dist/{system}.zip: run scripts/package {system}", file=sys.stderr)
        return 2
    folder, daemons = _new_run(), Daemons()
    try:
        return 0 if run(options, folder, daemons) else 1
    except (DeployFailed, StartFailed, BotoCoreError, ClientError) as error:
        print(f"run-local: error: {error}\nlogs: {folder}", file=sys.stderr)
        return 2
    finally:
        daemons.stop()
        _leave_logs_only(folder)
        shutil.rmtree(folder / "modules", ignore_errors=True)
