#!/opt/bin/python3 -S
"""dpkg: brings to its end what it had begun; until then apt-get refuses to install anything."""

import sys
from pathlib import Path

import state

HALF = Path("/var/lib/dpkg/half-configured")


def main(arguments: list[str]) -> None:
    if arguments == ["--configure", "-a"]:
        HALF.unlink(missing_ok=True)
    elif arguments == ["--audit"]:
        if HALF.exists():
            print("The following packages are only half configured, probably due to problems configuring them the first time.")
    else:
        state.fail("dpkg: error: need an action option", 2)


state.meet_mood("dpkg", sys.argv[1:])
main(sys.argv[1:])
