#!/opt/bin/python3 -S
"""dpkg: says what it had begun and not brought to an end, and brings it there."""

import sys
from pathlib import Path

import state

HALF = Path("/var/lib/dpkg/half-configured")


def main(arguments: list[str]) -> None:
    if arguments == ["--audit"]:
        if HALF.exists():
            print("The following packages are only half configured, probably due to problems\n"
                  "configuring them the first time.  The configuration should be retried using\n"
                  f"dpkg --configure <package>:\n {HALF.read_text()}")
    elif arguments == ["--configure", "-a"]:
        HALF.unlink(missing_ok=True)
    else:
        state.fail("dpkg: error: need an action option", 2)


state.meet_mood("dpkg", sys.argv[1:])
main(sys.argv[1:])
