"""How far a terraform apply is said to be."""

import io
import subprocess
import sys
from pathlib import Path

from local.apply_progress import Announcer, counted, follow

SAID = b"""\
Terraform will perform the following actions:
  # a.b will be created
Plan: 3 to add, 1 to change, 0 to destroy.
a.b: Creating...
a.b: Still creating... [10s elapsed]
a.b: Creation complete after 12s [id=x]
c.d["k"]: Modifications complete after 0s [id=y]
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_resources_are_counted() -> None:
    assert counted(SAID) == (2, 4) and counted(b"data.x: Reading...\n") == (0, 0)


def test_a_line_is_drawn_over_on_a_terminal() -> None:
    out = Terminal()
    for now in ((0, 0), (1, 71), (71, 71)):
        Announcer(out)(*now)
    assert out.getvalue() == ("\r\033[2K==> terraform apply: planning\r\033[2K==> terraform apply 1/71 resources"
                              "\r\033[2K==> terraform apply 71/71 resources\n")


def test_lines_come_now_and_then_elsewhere_and_the_last_one_always() -> None:
    out, times = io.StringIO(), iter([0.0, 0.0, 1.0, 11.0, 11.0, 12.0])
    announce = Announcer(out, lambda: next(times))
    for done in (1, 2, 30):
        announce(done, 71)
    announce(71, 71)
    assert out.getvalue().splitlines() == [f"==> terraform apply {done}/71 resources" for done in (1, 30, 71)]


def test_a_log_is_followed_to_the_end(tmp_path: Path) -> None:
    log, told = tmp_path / "log", []
    log.write_bytes(b"Plan: 9 to add, 9 to change, 9 to destroy.\n")
    begin = log.stat().st_size
    text = (f"import sys, time; sys.stdout.buffer.write({SAID!r}); sys.stdout.flush(); time.sleep(1)\n"
            "print('e.f: Creation complete after 1s')")
    with log.open("ab") as output, subprocess.Popen([sys.executable, "-c", text], stdout=output) as process:
        follow(process, log, begin, lambda *now: told.append(now))
    assert told[-1] == (3, 4) and told == sorted(set(told))
