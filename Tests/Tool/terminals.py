"""A terminal of a size, by tmux, in which somebody types."""

from __future__ import annotations

import shlex
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from labs import REPO, SDWAN

PROMPT = "ready>"
LONGEST_WAIT = 180


class Terminal:
    """What stands on it, and keys."""

    def __init__(self, server: str, columns: int, rows: int) -> None:
        self._server, self.columns, self.rows = server, columns, rows
        shell = ["env", "-u", "TMUX", f"PS1={PROMPT} ", "bash", "--norc", "--noprofile"]
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(REPO), shlex.join(shell))
        self._tmux("set-option", "-g", "history-limit", "5000")
        self.wait(PROMPT)

    def _tmux(self, *words: str) -> str:
        return subprocess.run(["tmux", "-L", self._server, "-f", "/dev/null", *words], check=True, capture_output=True, text=True).stdout

    def type(self, text: str, enter: bool = True) -> None:
        self._tmux("send-keys", "-l", text)
        if enter:
            self._tmux("send-keys", "Enter")

    def key(self, name: str) -> None:
        self._tmux("send-keys", name)

    def sdwan(self, *words: str) -> None:
        self.type(shlex.join([str(SDWAN), *words, "--endpoint", "local"]))

    def lines(self) -> list[str]:
        return self._tmux("capture-pane", "-p").splitlines()

    def everything(self) -> str:
        """What has scrolled away, too."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-")

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def shows_its_cursor(self) -> bool:
        return self._tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    def wait(self, text: str) -> list[str]:
        """The lines, once the text stands among them."""
        deadline = time.monotonic() + LONGEST_WAIT
        while True:
            lines = self.lines()
            if any(text in line for line in lines):
                return lines
            assert time.monotonic() < deadline, f'"{text}" never came: {lines}'
            time.sleep(0.2)

    def status(self) -> int:
        """Of the command that has ended."""
        mark = uuid.uuid4().hex[:8]
        # The mark is not what is typed.
        self.type(f"echo {mark[:4]}''{mark[4:]}=$?=")
        line = next(line for line in self.wait(f"{mark}=") if f"{mark}=" in line)
        return int(line.split("=")[1])


@contextmanager
def terminal(columns: int, rows: int) -> Iterator[Terminal]:
    server = f"sdwan-{uuid.uuid4().hex[:8]}"
    try:
        yield Terminal(server, columns, rows)
    finally:
        subprocess.run(["tmux", "-L", server, "kill-server"], check=False, capture_output=True)
