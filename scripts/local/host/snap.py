#!/opt/bin/python3 -S
"""snap: nothing can be installed before the system is seeded; a snap brings its programs."""

import os
import sys

import state

STATE = "/var/lib/snapd/state.json"
SNAPS = {"lxd": ("lxd", "lxc"), "aws-cli": ("aws",)}
CLASSIC = ("aws-cli",)


def main(arguments: list[str]) -> None:
    words = [a for a in arguments if not a.startswith("-")]
    known = state.load(STATE)
    if words[:1] == ["wait"]:
        if words[1:] != ["system", "seed.loaded"]:
            state.fail("error: the required argument `<key>` was not provided")
        state.store(STATE, {**known, "seeded": True})
    elif words[:1] == ["install"]:
        for name in words[1:]:
            install(known, name, "--classic" in arguments)
    elif words[:1] == ["list"]:
        for name in sorted(known.get("snaps", [])):
            print(name)
    else:
        state.fail(f'error: unknown command "{" ".join(words)}", see \'snap help\'.', 64)


def install(known: dict, name: str, classic: bool) -> None:
    if not known.get("seeded"):
        state.fail("error: too early for operation, device not yet seeded or device model not acknowledged")
    if name not in SNAPS:
        state.fail(f'error: snap "{name}" not found')
    snaps = known.setdefault("snaps", [])
    if name in snaps:
        print(f'snap "{name}" is already installed, see \'snap help refresh\'')
        return
    if name in CLASSIC and not classic:
        state.fail(f'error: This revision of snap "{name}" was published using classic confinement and thus may\n'
                   "       perform arbitrary system changes outside of the security sandbox that snaps are\n"
                   "       usually confined to; add --classic to accept that.")
    for program in SNAPS[name]:
        os.symlink(f"/opt/host/{program}.py", f"/snap/bin/{program}")
    snaps.append(name)
    state.store(STATE, known)
    print(f"{name} installed")


state.meet_mood("snap", sys.argv[1:])
main(sys.argv[1:])
