#!/opt/bin/python3 -S
"""lxd: `waitready` and `init --preseed`, which reads pools and profiles from stdin."""

import sys

import lxd_state
import state

sys.path.append("/opt/site-packages")
import yaml  # noqa: E402


def preseed(text: str) -> None:
    try:
        wanted = yaml.safe_load(text)
    except yaml.YAMLError as error:
        state.fail(f"Error: Failed to parse the preseed: {error}")
    if not isinstance(wanted, dict):
        state.fail("Error: Failed to parse the preseed: yaml: unmarshal errors")
    lxd = lxd_state.load()
    for pool in wanted.get("storage_pools", []):
        known = lxd["pools"].get(pool["name"])
        if known and known["driver"] != pool["driver"]:
            state.fail(f'Error: Failed to update storage pool "{pool["name"]}": Storage pool driver cannot be changed')
        lxd["pools"][pool["name"]] = {"driver": pool["driver"]}
    for profile in wanted.get("profiles", []):
        devices = profile.get("devices") or {}
        for name, device in devices.items():
            if device.get("type") == "disk" and device.get("pool") not in lxd["pools"]:
                state.fail(f'Error: Failed to update profile "{profile["name"]}": Device validation failed for '
                           f'"{name}": Storage pool "{device.get("pool")}" doesn\'t exist')
        lxd["profiles"][profile["name"]] = {"devices": devices}
    lxd_state.save(lxd)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["waitready"]:
        return
    if arguments == ["init", "--preseed"]:
        preseed(sys.stdin.read())
        return
    state.fail(f"Error: unknown command \"{' '.join(arguments)}\" for \"lxd\"")


main(sys.argv[1:])
