#!/opt/bin/python3 -S
"""apt-get: `update` fetches the lists, `install` records packages and needs the lists."""

import os
import re
import signal
import sys

import state

LISTS = "/var/lib/apt/lists.json"
HALF = "/var/lib/dpkg/half-configured"
INSTALLED = "/var/lib/dpkg/installed.json"


def main(arguments: list[str]) -> None:
    words = [a for a in arguments if not a.startswith("-")]
    options = [a for a in arguments if a.startswith("-")]
    command, packages = (words[0] if words else ""), words[1:]
    if command == "update":
        state.store(LISTS, {"updated": True})
        print("Reading package lists...")
    elif command == "install":
        install(packages, "-y" in options or "--yes" in options or "--assume-yes" in options)
    else:
        state.fail(f"E: Invalid operation {command}", 100)


def install(packages: list[str], assume_yes: bool) -> None:
    if os.path.exists(HALF):
        state.fail("E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. ", 100)
    installed = state.load(INSTALLED)
    for package in packages:
        if not state.load(LISTS) or not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", package):
            state.fail(f"E: Unable to locate package {package}", 100)
    missing = [p for p in packages if p not in installed]
    if missing and not assume_yes:
        state.fail("Do you want to continue? [Y/n] Abort.")
    for package in packages:
        print(f"Setting up {package} ..." if package in missing else f"{package} is already the newest version.")
    if missing and os.environ.get("NEEDRESTART_MODE") == "a" and not os.environ.get("NEEDRESTART_SUSPEND"):
        # needrestart restarts what uses a new library: the agent, and with it the script that it runs.
        os.killpg(0, signal.SIGKILL)
    state.store(INSTALLED, {**installed, **dict.fromkeys(packages, True)})


state.meet_mood("apt-get", sys.argv[1:])
main(sys.argv[1:])
