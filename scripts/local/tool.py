"""The operator's tool, which shows what people see of a local run: live view, verdicts, causes, picture, report."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .network_file import REPO

PROGRAM = REPO / "cli/.build/debug/sdwan"
# Its exit statuses: as wanted, and unhealthy or failed. With any other one it could not do what it should.
DID_ITS_WORK = (0, 1)
HOME_REGION = "us-east-1"
LEAVING_SECONDS = 5.0


@dataclass(frozen=True)
class Tool:
    """The tool with an environment that leads it to a run's emulators."""

    environment: dict[str, str]
    # Where a kept run is found by --endpoint local.
    words: tuple[str, ...] = ("--region", HOME_REGION)

    def run(self, *words: str) -> int:
        """Its exit status; it prints for itself."""
        sys.stdout.flush()
        process = subprocess.Popen([PROGRAM, *words, *self.words], env={**os.environ, **self.environment})
        try:
            return process.wait()
        except BaseException:
            # It leaves the terminal as it was, which it could not if it was killed.
            process.terminate()
            try:
                process.wait(LEAVING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise

    def watch(self, execution: str, approve: str) -> bool:
        """Follow an execution to its end; False where it could not."""
        return self.run("watch", execution, "--approve", approve) in DID_ITS_WORK

    def picture(self, execution: str) -> None:
        """The network as text, with what the execution has found."""
        self.run("graph", "--format", "text", "--execution", execution)

    def report(self, execution: str, file: Path, footprint: Path | None = None) -> bool:
        """Write the HTML report; it says where."""
        taken = ["--footprint", str(footprint)] if footprint else []
        return self.run("report", execution, "--html", str(file), *taken) == 0


def whom_to_ask() -> str:
    """Who answers for a wave that waits, where nobody has said: a person, where there is one."""
    return "ask" if sys.stdin.isatty() and sys.stdout.isatty() else "yes"
