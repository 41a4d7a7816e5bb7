#!/opt/bin/python3 -S
"""dpkg: nothing that it had begun is left over on a fresh host."""

import sys

import state


def main(arguments: list[str]) -> None:
    if arguments not in (["--audit"], ["--configure", "-a"]):
        state.fail("dpkg: error: need an action option", 2)


main(sys.argv[1:])
