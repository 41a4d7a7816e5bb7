"""`show log vpn ipsec` of 1.3 and `show log ipsec` of later releases: the journal of charon."""

import re
import time
from typing import NamedTuple

NO_ENTRIES = "-- No entries --\n"
# How charon's file log has a line here: seconds, thread, group.
FILED = re.compile(r"^(\d{9,}) (\d\d)\[([A-Z0-9]{3})\] (.*)$")


class Line(NamedTuple):
    """One line of charon's."""

    time: float
    group: str
    text: str
    thread: int = 5


def journal(lines: list[Line], is_old: bool, process: int = 2231) -> str:
    """As journalctl prints them: 1.3's charon writes to syslog, with thread and group before the text; the later
    charon-systemd hands its text over bare. Only 1.3's journalctl says where its log begins."""
    if not lines:
        return NO_ENTRIES
    ordered = sorted(lines, key=lambda line: line.time)
    if not is_old:
        return "".join(f"{_stamp(line.time)} charon-systemd[{process}]: {line.text}\n" for line in ordered)
    ends = [time.strftime("%a %Y-%m-%d %H:%M:%S UTC", time.gmtime(line.time)) for line in (ordered[0], ordered[-1])]
    return f"-- Logs begin at {ends[0]}, end at {ends[1]}. --\n" + "".join(
        f"{_stamp(line.time)} charon[{process}]: {line.thread:02}[{line.group}] {line.text}\n" for line in ordered)


def _stamp(moment: float) -> str:
    return time.strftime("%b %d %H:%M:%S", time.gmtime(moment))


def read(text: str, shown: dict[str, str]) -> list[Line]:
    """The lines of charon's log files, with VyOS's names in place of strongSwan's."""
    lines = [Line(float(m[1]), m[3], m[4], int(m[2])) for m in map(FILED.match, text.splitlines()) if m]
    for name in sorted(shown, key=len, reverse=True):
        whole = re.compile(re.escape(name) + r"(?![-\w])")
        lines = [line._replace(text=whole.sub(shown[name], line.text)) for line in lines]
    return lines
