"""An image for a real LXD: bash, some tools, and a VyOS of a few lines that keeps what it is told."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = ("bash", "basename", "cat", "chmod", "cmp", "comm", "cp", "cut", "date", "dirname", "env", "flock", "grep", "head", "ip", "ls",
            "mkdir", "mktemp", "mv", "pgrep", "pkill", "ps", "readlink", "rm",
            "sed", "setsid", "sleep", "sort", "stat", "tail", "timeout", "touch", "tr", "wc")
PLACES = {"init": "sbin", "script-template": "opt/vyatta/etc/functions", "sg": "bin", "cli-shell-api": "bin",
          "vyatta-op-cmd-wrapper": "opt/vyatta/bin"}
FOLDERS = ("dev", "etc", "opt/vyatta/etc/config", "proc", "run", "sys", "tmp", "var/lib")


def build(target: Path, architecture: str = "x86_64", vyos: bool = True, init: bool = True, note: str = "") -> None:
    """Another note makes another image of the same. Without init it has nothing to start."""
    with target.open("wb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
            _text(tar, "metadata.yaml", f"architecture: {architecture}\ncreation_date: 1700000000\n")
            for folder in FOLDERS:
                entry = tarfile.TarInfo(f"rootfs/{folder}")
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            _text(tar, "rootfs/etc/passwd", "root:x:0:0::/root:/bin/bash\n")
            _text(tar, "rootfs/etc/group", "root:x:0:\nvyattacfg:x:105:\n")
            _text(tar, "rootfs/etc/note", note)
            for path, source in sorted(_system().items()):
                tar.add(source, f"rootfs{path}", recursive=False)
            _link(tar, "rootfs/bin/sh", "bash")
            _link(tar, "rootfs/bin/vbash", "bash")
            _link(tar, "rootfs/config", "/opt/vyatta/etc/config")
            for source in sorted((HERE / "vyos").iterdir()) if vyos else [HERE / "vyos/init"]:
                if source.name == "init" and not init:
                    continue
                mode = 0o644 if source.name == "script-template" else 0o755
                _text(tar, f"rootfs/{PLACES.get(source.name, 'opt/vyatta/sbin')}/{source.name}", source.read_text(), mode)


def _system() -> dict[str, Path]:
    """The programs and the libraries that they want, by the path inside."""
    found: dict[str, Path] = {}
    for name in PROGRAMS:
        program = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
        assert program, f"{name} is needed for the image"
        found[f"/bin/{name}"] = Path(program).resolve()
        listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
        found |= {path: Path(path).resolve() for path in re.findall(r"(?:=> |^\t)(/\S+)", listed, re.MULTILINE)}
    return found


def _text(tar: tarfile.TarFile, name: str, text: str, mode: int = 0o644) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, io.BytesIO(data))


def _link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)
