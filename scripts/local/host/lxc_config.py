"""lxc config: an instance's settings and devices."""

import lxd_state
from lxd_state import Problem

Words = list[str]


def main(arguments: Words) -> int:
    """`set INSTANCE KEY VALUE`, `get INSTANCE KEY`, `device add INSTANCE DEVICE nic KEY=VALUE…`,
    `device set|get INSTANCE DEVICE KEY [VALUE]`"""
    words, _ = lxd_state.split_options(arguments, ())
    if words[:1] in (["set"], ["get"]):
        return _setting(words)
    if words[:2] == ["device", "add"] and len(words) >= 5:
        return _add(words[2:])
    if words[:2] in (["device", "set"], ["device", "get"]):
        return _device(words[1], words[2:])
    raise Problem("Invalid number of arguments")


def _setting(words: Words) -> int:
    if len(words) != (4 if words[0] == "set" else 3):
        raise Problem("Invalid number of arguments")
    lxd = lxd_state.load()
    settings = lxd_state.instance(lxd, words[1])["config"]
    if words[0] == "get":
        print(settings.get(words[2], ""))
        return 0
    settings[words[2]] = words[3]
    lxd_state.save(lxd)
    return 0


def _add(words: Words) -> int:
    lxd = lxd_state.load()
    devices, name = lxd_state.instance(lxd, words[0])["devices"], words[1]
    if name in devices:
        raise Problem("The device already exists")
    devices[name] = {"type": words[2], **dict(pair.partition("=")[::2] for pair in words[3:])}
    lxd_state.save(lxd)
    print(f"Device {name} added to {words[0]}")
    return 0


def _device(verb: str, words: Words) -> int:
    if len(words) != (4 if verb == "set" else 3):
        raise Problem("Invalid number of arguments")
    lxd = lxd_state.load()
    devices = lxd_state.instance(lxd, words[0])["devices"]
    if words[1] not in devices:
        raise Problem("Device doesn't exist")
    if verb == "get":
        print(devices[words[1]].get(words[2], ""))
        return 0
    devices[words[1]][words[2]] = words[3]
    lxd_state.save(lxd)
    return 0
