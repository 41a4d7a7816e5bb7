#!/opt/bin/python3 -S
"""dpkg-query: `-W -f FORMAT PACKAGE…` with the one field that is asked for."""

import sys

import state

INSTALLED = "/var/lib/dpkg/installed.json"


def main(arguments: list[str]) -> None:
    if arguments[:3] != ["-W", "-f", "${db:Status-Status}\\n"]:
        state.fail("dpkg-query: error: need an action option", 2)
    known, missing = state.load(INSTALLED), False
    for package in arguments[3:]:
        if package in known:
            print("installed")
        else:
            sys.stderr.write(f"dpkg-query: no packages found matching {package}\n")
            missing = True
    sys.exit(1 if missing else 0)


main(sys.argv[1:])
