"""lxc init, start, stop, rename, delete, info, list and exec."""

import re
import shutil
import tarfile
from typing import Any

import container
import lxc_images
import lxd_state
from lxd_state import Problem

VALUES = ("-c", "--config", "-s", "--storage", "-p", "--profile")


def init(arguments: list[str]) -> int:
    words, options = lxd_state.split_options(arguments, VALUES)
    if len(words) != 2:
        raise Problem("Invalid number of arguments")
    lxd, (image, name) = lxd_state.load(), words
    fingerprint = lxc_images.find(lxd, image)
    if fingerprint is None:
        raise Problem("Image not found")
    if name in lxd["instances"]:
        raise Problem("Failed instance creation: Failed creating instance record: Add instance info to the database: "
                      'This "instances" entry already exists')
    profile = (options.get("-p") or options.get("--profile") or ["default"])[-1]
    if profile not in lxd["profiles"]:
        raise Problem(f'Failed instance creation: Failed creating instance record: Requested profile "{profile}" doesn\'t exist')
    devices = lxd["profiles"][profile]["devices"]
    if not any(d.get("type") == "disk" and d.get("path") == "/" for d in devices.values()):
        raise Problem("Failed instance creation: Failed creating instance record: "
                      "Failed initialising instance: Failed getting root disk: No root device could be found")
    settings = dict(pair.partition("=")[::2] for key in ("-c", "--config") for pair in options.get(key, []))
    print(f"Creating {name}")
    root = lxd_state.rootfs(name)
    root.parent.mkdir(parents=True)
    with tarfile.open(lxc_images.file_of(fingerprint)) as tar:
        # an image is a whole system: absolute links are right in it
        tar.extraction_filter = lambda member, _: member
        tar.extractall(root.parent, members=[m for m in tar.getmembers() if m.name.startswith("rootfs/")])
    lxd["instances"][name] = {"config": settings, "devices": {}, "running": False}
    lxd_state.save(lxd)
    return 0


def launch(arguments: list[str]) -> int:
    words, _ = lxd_state.split_options(arguments, VALUES)
    return init(arguments) or start(words[1:])


def start(arguments: list[str]) -> int:
    lxd, name = lxd_state.load(), _name(arguments)
    instance = lxd_state.instance(lxd, name)
    if instance["running"]:
        raise Problem("The instance is already running")
    cards = container.take_cards(lxd, instance["devices"])
    container.prepare(name, cards)
    instance["running"] = True
    instance["cards"] = cards
    lxd_state.save(lxd)
    container.boot(name)
    return 0


def stop(arguments: list[str]) -> int:
    lxd, name = lxd_state.load(), _name(arguments)
    instance = lxd_state.instance(lxd, name)
    if not instance["running"]:
        raise Problem("The instance is already stopped")
    _halt(instance)
    lxd_state.save(lxd)
    return 0


def rename(arguments: list[str]) -> int:
    """`rename OLD NEW`"""
    if len(arguments) != 2:
        raise Problem("Invalid number of arguments")
    lxd, (old, new) = lxd_state.load(), arguments
    instance = lxd_state.instance(lxd, old)
    if instance["running"]:
        raise Problem("Renaming of running instance not allowed")
    if new in lxd["instances"]:
        raise Problem(f'Name "{new}" already in use')
    lxd_state.rootfs(old).parent.rename(lxd_state.rootfs(new).parent)
    lxd["instances"][new] = lxd["instances"].pop(old)
    lxd_state.save(lxd)
    return 0


def delete(arguments: list[str]) -> int:
    words, options = lxd_state.split_options(arguments, ())
    lxd, name = lxd_state.load(), _name(words)
    instance = lxd_state.instance(lxd, name)
    if instance["config"].get("security.protection.delete") == "true":
        raise Problem("Container is protected")
    if instance["running"]:
        if not {"--force", "-f"} & options.keys():
            raise Problem("The instance is currently running, stop it first or pass --force")
        _halt(instance)
    del lxd["instances"][name]
    lxd_state.save(lxd)
    shutil.rmtree(lxd_state.rootfs(name).parent)
    return 0


def info(arguments: list[str]) -> int:
    name = _name(arguments)
    instance = lxd_state.instance(lxd_state.load(), name)
    print(f"Name: {name}\nStatus: {_status(instance)}\nType: container\nArchitecture: x86_64")
    return 0


def show_list(arguments: list[str]) -> int:
    words, options = lxd_state.split_options(arguments, ("--format", "-f", "-c", "--columns"))
    columns = (options.get("-c") or options.get("--columns") or ["ns"])[0]
    for name, instance in sorted(lxd_state.load()["instances"].items()):
        # A filter without KEY= is a regular expression on the name.
        if not words or re.search(words[0], name):
            print(",".join({"n": name, "s": _status(instance).upper()}[c] for c in columns))
    return 0


def execute(arguments: list[str]) -> int:
    """`exec INSTANCE -- COMMAND…`"""
    before, dashes, command = _split_at_dashes(arguments)
    words, options = lxd_state.split_options(before, ("--env", "--cwd", "--user", "--group"))
    if not dashes:
        words, command = words[:1], words[1:]
    instance = lxd_state.instance(lxd_state.load(), _name(words))
    if not instance["running"]:
        raise Problem("Instance is not running")
    if not command:
        raise Problem("Missing command")
    return container.run(words[0], command, dict(e.partition("=")[::2] for e in options.get("--env", [])))


def _split_at_dashes(arguments: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in arguments:
        return arguments, False, []
    at = arguments.index("--")
    return arguments[:at], True, arguments[at + 1:]


def _halt(instance: dict[str, Any]) -> None:
    container.unplug(instance.pop("cards"))
    instance["running"] = False


def _status(instance: dict[str, Any]) -> str:
    return "Running" if instance["running"] else "Stopped"


def _name(arguments: list[str]) -> str:
    words = [a for a in arguments if not a.startswith("-")]
    if len(words) != 1:
        raise Problem("Invalid number of arguments")
    return words[0]
