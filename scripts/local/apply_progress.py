"""How far a `terraform apply` is, out of what it prints: `terraform apply 34/71 resources`."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

LOOK_SECONDS = 0.5
# Where there is no terminal to draw on, a line now and then is enough.
LINE_SECONDS = 10.0
PLAN = re.compile(rb"^Plan: (\d+) to add, (\d+) to change, (\d+) to destroy\.", re.MULTILINE)
DONE = re.compile(rb": (?:Creation|Modifications|Destruction) complete after ")

# Told how many resources are done, and of how many; 0 as long as that is not known.
Announce = Callable[[int, int], None]


def counted(text: bytes) -> tuple[int, int]:
    """Resources that are done, and all of them."""
    plan = PLAN.search(text)
    total = sum(int(number) for number in plan.groups()) if plan else 0
    return len(DONE.findall(text)), total


def follow(process: "subprocess.Popen[bytes]", log: Path, begin: int, announce: Announce) -> None:
    """Tell how far it is until it ends; `begin` is where its words begin in the log."""
    said = (-1, -1)
    is_over = False
    while not is_over:
        try:
            process.wait(LOOK_SECONDS)
            is_over = True
        except subprocess.TimeoutExpired:
            pass
        with log.open("rb") as file:
            file.seek(begin)
            now = counted(file.read())
        if now != said:
            announce(*now)
            said = now


@dataclass
class Announcer:
    """Says it in one line of a terminal, drawn over again, or in a line now and then."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    clock: Callable[[], float] = time.monotonic
    _last: float = float("-inf")

    def __call__(self, done: int, total: int) -> None:
        words = f"==> terraform apply {done}/{total} resources" if total else "==> terraform apply: planning"
        is_last = total > 0 and done == total
        if self.out.isatty():
            self.out.write(f"\r\033[2K{words}" + ("\n" if is_last else ""))
        elif is_last or self.clock() - self._last >= LINE_SECONDS:
            self.out.write(words + "\n")
            self._last = self.clock()
        self.out.flush()
