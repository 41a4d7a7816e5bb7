"""scripts/run-local files: producer and consumer over the emulators, and the operator tool's demonstration of them."""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

DESCRIPTION = """\
Runs the shared files with no AWS account: builds the functions' package, starts emulators on loopback, applies
terraform/files to them, and lets `sdwan files demo` show it all. The functions, Terraform and the tool are the real
thing; EFS is a folder of this machine, which both functions have as user 1000 at /mnt/efs; S3, its messages and API
Gateway are the emulator's, which verifies signatures and enforces the roles' policies.
Exit status: 0 only if every request was answered with 200; 1 if not; 2 if it could not be run."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="scripts/run-local files", description=DESCRIPTION,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--report", metavar="FILE", type=Path, help="write the demonstration's JSON report")
    top.add_argument("--keep", action="store_true", help="leave everything running until Ctrl-C, and print how to reach it")
    top.add_argument("--skip-build", action="store_true", help="take dist/files.zip and the tool as they are")
    return top


def main() -> int:
    options = parser().parse_args()
    # Not above: --help must work before the virtual environment exists.
    from botocore.exceptions import BotoCoreError, ClientError

    from ...deploy import DeployFailed
    from ...network_file import REPO
    from ...processes import Daemons, StartFailed
    from .run import run

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    runs = REPO / ".local/files"
    runs.mkdir(parents=True, exist_ok=True)
    # For nobody else on this machine: keys are below.
    folder, daemons = Path(tempfile.mkdtemp(dir=runs)), Daemons()
    try:
        is_well = run(options, folder, daemons)
    except (DeployFailed, StartFailed, BotoCoreError, ClientError) as error:
        print(f"run-local: error: {error}\nlogs: {folder}", file=sys.stderr)
        return 2
    finally:
        daemons.stop()
    shutil.rmtree(folder)
    return 0 if is_well else 1


def _stop(number: int, _: FrameType | None) -> None:
    # A second signal must not interrupt the cleaning up.
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    print("\nstopping: what this run has started ends with it", file=sys.stderr)
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
