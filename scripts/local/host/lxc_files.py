"""lxc file: push and pull."""

import os
import shutil
import sys
from pathlib import Path

import lxd_state
from lxd_state import Problem


def main(arguments: list[str]) -> int:
    words, options = lxd_state.split_options(arguments, ("--mode", "--uid", "--gid"))
    if len(words) != 3 or words[0] not in ("push", "pull"):
        raise Problem("Invalid number of arguments")
    if words[0] == "push":
        _push(words[1], words[2], int(options.get("--mode", ["0644"])[0], 8),
              bool({"-p", "--create-dirs"} & options.keys()))
    else:
        _pull(words[1], words[2])
    return 0


def _inside(place: str) -> Path:
    """The file behind INSTANCE/path, its folder's links resolved within the instance."""
    name, slash, path = place.partition("/")
    lxd_state.instance(lxd_state.load(), name)
    if not slash:
        raise Problem(f"Invalid target {place}")
    root = lxd_state.rootfs(name)
    folder = root
    for part in Path(path).parts[:-1]:
        folder = folder / part
        if folder.is_symlink():
            folder = root / os.readlink(folder).lstrip("/")
    return folder / Path(path).name


def _push(source: str, place: str, mode: int, create: bool) -> None:
    if source != "-" and not Path(source).exists():
        raise Problem(f"open {source}: no such file or directory")
    target = _inside(place)
    if target.is_dir() or place.endswith("/"):
        target = target / Path(source).name
    if create:
        target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.is_dir():
        raise Problem("sftp: \"file does not exist\" (SSH_FX_NO_SUCH_FILE)")
    target.write_bytes(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())
    target.chmod(mode)


def _pull(place: str, target: str) -> None:
    source = _inside(place)
    if source.is_symlink():
        # Within the instance, as LXD follows it.
        source = _inside(f"{place.partition('/')[0]}{os.readlink(source)}")
    if not source.exists():
        raise Problem("Not Found")
    if target == "-":
        sys.stdout.buffer.write(source.read_bytes())
    else:
        shutil.copy(source, target)
