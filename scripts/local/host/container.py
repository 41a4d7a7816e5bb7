"""A running instance: its network cards, and the way to run a program in it.

This is the seam to the router. It knows a root folder with an /sbin/init and nothing of VyOS.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import lxd_state
from lxd_state import Problem

sys.path.append("/opt/machine")
from machine import Failed, Machine  # noqa: E402

HARDWARE = Path("/opt/hardware/cards.json")
# The simulated network, and the way to the real one.
WIRE, PLANE = Path("/opt/wire"), Path("/opt/plane")
PATH = "/sbin:/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
NOT_FOUND = 127
DEFECT = "SDWAN_LOCAL_DEFECT"


def take_cards(lxd: dict[str, Any], devices: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The host's cards that an instance's devices name, under their name inside."""
    host = json.loads(HARDWARE.read_text())
    taken = {card["id"] for other in lxd["instances"].values() for card in other.get("cards", {}).values()}
    cards: dict[str, dict[str, str]] = {}
    for name, device in devices.items():
        parent = device.get("parent", "")
        if device["type"] != "nic" or device.get("nictype") != "physical":
            raise Problem(f'Failed to start device "{name}": Only physical network cards exist here')
        if parent not in host or host[parent]["id"] in taken:
            raise Problem(f'Failed to start device "{name}": Parent device \'{parent}\' doesn\'t exist\n'
                          "Try `lxc info --show-log local:router` for more info")
        cards[device.get("name", name)] = host[parent]
        taken.add(host[parent]["id"])
    return cards


def unplug(cards: dict[str, dict[str, str]]) -> None:
    """A stopped instance is no longer on the wire, and nothing of it runs."""
    machine = Machine.of(PLANE, cards)
    if machine:
        try:
            machine.unplug()
        except Failed as failure:
            raise Problem(f"Failed to stop: {failure}") from failure
    for card in cards.values():
        (WIRE / "cards" / card["id"] / "router.json").unlink(missing_ok=True)


def prepare(name: str, cards: dict[str, dict[str, str]]) -> None:
    """Plug the cards in, and show the interpreter that the image's own programs ask for."""
    root = lxd_state.rootfs(name)
    (root / "run/hardware/cards.json").write_text(json.dumps(cards))
    machine = Machine.of(PLANE, cards)
    if machine:
        try:
            machine.plug(cards)
        except Failed as failure:
            raise Problem(f"Failed to start: {failure}") from failure
    interpreter = root / "opt/bin/python3"
    if not interpreter.is_symlink():
        interpreter.parent.mkdir(parents=True, exist_ok=True)
        interpreter.symlink_to(os.path.realpath("/opt/bin/python3"))


def boot(name: str) -> None:
    """Run the image's init to its end; what it prints is the console's log."""
    log = lxd_state.rootfs(name).parent / "console.log"
    with log.open("w") as console:
        subprocess.run(_bwrap(name, ["/sbin/init"], {}), stdin=subprocess.DEVNULL, stdout=console,
                       stderr=subprocess.STDOUT, check=False)


def run(name: str, command: list[str], environment: dict[str, str]) -> int:
    """Become the program; its exit status is ours."""
    if not _found(lxd_state.rootfs(name), command[0]):
        sys.stderr.write(f'Error: Command not found: "{command[0]}"\n')
        return NOT_FOUND
    argv = _bwrap(name, command, environment)
    os.execvp(argv[0], argv)


def _found(root: Path, program: str) -> bool:
    """Whether a program exists inside; /usr is the machine's, all else the instance's."""
    candidates = [program] if "/" in program else [f"{folder}/{program}" for folder in PATH.split(":")]
    return any(os.path.lexists(path if path.startswith("/usr/") else f"{root}{path}") for path in candidates)


def _bwrap(name: str, command: list[str], environment: dict[str, str]) -> list[str]:
    root = lxd_state.rootfs(name)
    argv = ["bwrap", "--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", name,
            "--uid", "0", "--gid", "0", "--cap-add", "ALL", "--die-with-parent", "--clearenv", "--chdir", "/root"]
    for entry in sorted(root.iterdir()):
        inside = "/" + entry.name
        if entry.is_symlink():
            argv += ["--symlink", os.readlink(entry), inside]
        elif inside != "/usr":
            argv += ["--bind", str(entry), inside]
    argv += ["--ro-bind", "/usr", "/usr", "--dev", "/dev", "--bind", "/proc", "/proc", "--bind", str(WIRE), "/run/wire"]
    if PLANE.exists():
        argv += ["--ro-bind", str(PLANE), "/run/plane"]
    for library in ("lib", "lib32", "lib64", "libx32"):
        if os.path.islink("/" + library):
            argv += ["--symlink", os.readlink("/" + library), "/" + library]
        elif os.path.isdir("/" + library):
            argv += ["--ro-bind", "/" + library, "/" + library]
    if sys.base_prefix != "/usr":
        argv += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    inherited = {name: os.environ[name] for name in (DEFECT,) if name in os.environ}
    for key, value in {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **inherited, **environment}.items():
        argv += ["--setenv", key, value]
    return [*argv, "--", *command]
