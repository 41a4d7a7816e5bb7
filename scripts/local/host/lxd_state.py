"""What LXD knows: pools, profiles, images, instances; and where an instance's files lie."""

from pathlib import Path
from typing import Any

import state

HOME = Path("/var/snap/lxd/common/lxd")
DATABASE = str(HOME / "database.json")


def load() -> dict[str, Any]:
    empty: dict[str, Any] = {"pools": {}, "profiles": {"default": {"devices": {}}}, "images": {}, "instances": {}}
    return state.load(DATABASE) or empty


def save(lxd: dict[str, Any]) -> None:
    state.store(DATABASE, lxd)


def rootfs(name: str) -> Path:
    return HOME / "containers" / name / "rootfs"


class Problem(Exception):
    """What LXD answers instead of doing it."""


def instance(lxd: dict[str, Any], name: str) -> dict[str, Any]:
    if name not in lxd["instances"]:
        raise Problem("Instance not found")
    return lxd["instances"][name]


def split_options(arguments: list[str], with_value: tuple[str, ...]) -> tuple[list[str], dict[str, list[str]]]:
    """Words and options: `-c a=b`, `--mode=0700`, `--force`."""
    words: list[str] = []
    options: dict[str, list[str]] = {}
    left = iter(arguments)
    for argument in left:
        if not argument.startswith("-") or argument == "-":
            words.append(argument)
            continue
        name, equals, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
        if name in with_value and not equals:
            value = next(left, "")
        options.setdefault(name, []).append(value)
    return words, options
