"""Builds the VyOS LXD image of the local run: a real tar.gz with the simulated router in it."""

import functools
import gzip
import importlib.util
import io
import marshal
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIMULATOR = "opt/vyatta/sim"
GROUP_ID = 105
PROGRAMS = {
    "sbin": ("init",),
    "bin": ("cli-shell-api", "ping", "swanctl"),
    "opt/vyatta/bin": ("vyatta-op-cmd-wrapper",),
    "opt/vyatta/sbin": ("my_set", "my_delete", "my_commit", "my_discard", "vyos-save", "vyos-load"),
}
SYSTEM_PROGRAMS = ("bash", "cat", "chmod", "cp", "date", "flock", "grep", "ln", "ls", "mkdir", "mv", "ps", "rm", "sed", "setsid", "sh",
                   "sleep", "touch", "tr")
FOLDERS = ("etc", "home/vyos", "opt/vyatta/config", "opt/vyatta/etc/config", "opt/vyatta/etc/functions",
           "root", "run/hardware", "run/plane", "run/wire", "tmp", "usr", "var/log", SIMULATOR + "/vyos", *PROGRAMS)


def build(target: Path, version: str) -> None:
    """Write the image for one VyOS release, byte for byte the same each time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w") as tar:
            _file(tar, "metadata.yaml", 'architecture: "x86_64"\ncreation_date: 0\nproperties:\n'
                                        f'  description: "VyOS {version}, simulated"\n')
            for folder in FOLDERS:
                entry = tarfile.TarInfo("rootfs/" + folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            _rootfs(tar, version)


def _rootfs(tar: tarfile.TarFile, version: str) -> None:
    _file(tar, "rootfs/etc/vyos-version", version + "\n")
    _file(tar, "rootfs/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nvyos:x:1003:100::/home/vyos:/bin/vbash\n")
    _file(tar, "rootfs/etc/group", f"root:x:0:\nusers:x:100:\nvyattacfg:x:{GROUP_ID}:vyos\n")
    _file(tar, "rootfs/bin/sg", (HERE / "rootfs/sg").read_text(), 0o755)
    _file(tar, f"rootfs/{SIMULATOR}/program", (HERE / "rootfs/program").read_text(), 0o755)
    _file(tar, "rootfs/opt/vyatta/etc/functions/script-template", (HERE / "rootfs/script-template").read_text())
    for source in sorted((HERE / "vyos").iterdir()):
        if source.is_file():
            name = f"{SIMULATOR}/vyos/{source.name}"
            _file(tar, f"rootfs/{name}", source.read_text())
            if source.suffix == ".py":
                kept = f"{SIMULATOR}/vyos/__pycache__/{source.stem}.{sys.implementation.cache_tag}.pyc"
                _file(tar, f"rootfs/{kept}", _compiled(source.read_bytes(), "/" + name))
    for folder, names in PROGRAMS.items():
        for name in names:
            _link(tar, f"rootfs/{folder}/{name}", f"/{SIMULATOR}/program")
    for name in SYSTEM_PROGRAMS:
        _link(tar, f"rootfs/bin/{name}", f"/usr/bin/{name}")
    _link(tar, "rootfs/bin/vbash", "/usr/bin/bash")
    _link(tar, "rootfs/config", "/opt/vyatta/etc/config")


@functools.cache
def _compiled(source: bytes, name: str) -> bytes:
    """What Python keeps of a module, good as long as its source is this one. A router's programs start thousands of times."""
    is_checked_by_its_source = (3).to_bytes(4, "little")
    # The format without references: theirs depend on what else this process knows, and an image is the same each time.
    code = marshal.dumps(compile(source, name, "exec", dont_inherit=True), 2)
    return importlib.util.MAGIC_NUMBER + is_checked_by_its_source + importlib.util.source_hash(source) + code


def _file(tar: tarfile.TarFile, name: str, content: str | bytes, mode: int = 0o644) -> None:
    data = content.encode() if isinstance(content, str) else content
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, io.BytesIO(data))


def _link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)
