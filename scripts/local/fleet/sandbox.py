"""A host of the local run: a bubblewrap sandbox whose writable folders outlive a command."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ..dataplane.operator import Operator
from ..dataplane.places import host_folder
from ..files import write_atomically
from ..vyos import marks

HERE = Path(__file__).resolve().parents[1]
WRITABLE = ("etc", "var", "tmp", "run", "root", "home", "snap", "srv")
AGENT_PATH = "/opt/host/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Programs that only a snap brings: the machine's own must not be found in their stead.
SNAP_PROGRAMS = ("aws", "lxc", "lxd")
# What a script does on its host it does in a namespace below the one that the mounts were made in: what is mounted
# read-only stays so for the root of a host, who has all capabilities.
INSIDE = ("unshare", "--user", "--map-root-user", "--mount", "--")
SYSTEM_FILES = ("passwd", "group", "nsswitch.conf", "ld.so.cache", "localtime")


@dataclass(frozen=True)
class Sandbox:
    """The folders of one host and the way into it."""

    name: str
    folder: Path
    # The network's folder: what the simulated one knows. The real one's sockets are beside it.
    wire: Path

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def plane(self) -> Operator:
        return Operator(self.wire.parent)

    @property
    def cards(self) -> dict[str, dict[str, str]]:
        """Its network cards by name; the host's root can't change what is said here."""
        file = self._hardware / "cards.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def give_cards(self, cards: dict[str, dict[str, str]]) -> None:
        """Let it have these network cards, each with an id, a region, a MAC and an address."""
        write_atomically(self._hardware / "cards.json", cards)
        for card in cards.values():
            marks.place(self.wire, card["id"]).mkdir(parents=True, exist_ok=True)
        if self.plane.is_there:
            self.plane.admit(self.name, cards)

    @property
    def _hardware(self) -> Path:
        return self.folder / "hardware"

    def prepare(self) -> None:
        """Make what a freshly booted Ubuntu host has, once."""
        if self.root.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.folder / "root.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for name in WRITABLE:
            (fresh / name).mkdir(parents=True)
        for path in ("run/lock", "var/lib", "var/tmp", "home/ubuntu", "snap/bin"):
            (fresh / path).mkdir(parents=True)
        for name in SYSTEM_FILES:
            source = Path("/etc") / name
            if source.exists():
                shutil.copy(source, fresh / "etc" / name)
        (fresh / "etc/hostname").write_text(self.name + "\n")
        (fresh / "etc/hosts").write_text(f"127.0.0.1 localhost {self.name}\n")
        with (fresh / "etc/passwd").open("a") as passwd:
            passwd.write("ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash\n")
        (fresh / "etc/shadow").write_text("root:*:19700:0:99999:7:::\nubuntu:!:19700:0:99999:7:::\n")
        (fresh / "etc/shadow").chmod(0o600)
        fresh.rename(self.root)

    def command(self, argv: list[str], environment: dict[str, str], is_full: bool = False,
                shown: tuple[Path, str] | None = None) -> list[str]:
        """The whole argv that runs `argv` as root inside this host, which may have a full disk; `shown` is a file of the
        machine and its path inside."""
        bwrap = ["bwrap", "--unshare-all", "--share-net", "--die-with-parent", "--new-session",
                 "--hostname", self.name, "--uid", "0", "--gid", "0",
                 # all capabilities inside: LXD makes a container, which is one more namespace
                 "--cap-add", "ALL", "--clearenv", "--chdir", "/"]
        bwrap += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
        for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
            if os.path.islink("/" + name):
                bwrap += ["--symlink", os.readlink("/" + name), "/" + name]
            elif os.path.isdir("/" + name):
                bwrap += ["--ro-bind", "/" + name, "/" + name]
        for program in SNAP_PROGRAMS:
            for folder in ("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"):
                if os.path.exists(f"{folder}/{program}"):
                    bwrap += ["--ro-bind", "/dev/null", os.path.realpath(f"{folder}/{program}")]
        for name in WRITABLE:
            bwrap += ["--bind", str(self.root / name), "/" + name]
        if is_full:
            bwrap += ["--size", "4096", "--tmpfs", "/var/tmp"]
        bwrap += self._python()
        bwrap += ["--ro-bind", str(HERE / "host"), "/opt/host",
                  "--ro-bind", str(HERE / "vyos/machine.py"), "/opt/machine/machine.py", *self._network()]
        if shown:
            bwrap += ["--ro-bind", str(shown[0]), shown[1]]
        for name, value in {"PATH": AGENT_PATH, "HOME": "/root", "LANG": "C.UTF-8",
                            "PYTHONDONTWRITEBYTECODE": "1", **environment}.items():
            bwrap += ["--setenv", name, value]
        return [*bwrap, "--", *INSIDE, *argv]

    def _network(self) -> list[str]:
        """A host sees the simulated network and writes what is its own cards'; of the real one it has its own socket.

        They are mounted where a host can't put a link.
        """
        self._hardware.mkdir(parents=True, exist_ok=True)
        binds = ["--ro-bind", str(self._hardware), "/opt/hardware", "--ro-bind", str(self.wire), "/opt/wire"]
        for card in self.cards.values():
            binds += ["--bind", str(marks.place(self.wire, card["id"])), str(marks.place(Path("/opt/wire"), card["id"]))]
        socket = host_folder(self.wire.parent, self.name)
        return [*binds, *(["--ro-bind", str(socket), "/opt/plane"] if socket.exists() else [])]

    @staticmethod
    def _python() -> list[str]:
        """The interpreter of the stand-ins at /opt/bin/python3, wherever it lies here."""
        interpreter = os.path.realpath(sys.executable)
        prefix = os.path.realpath(sys.base_prefix)
        binds = [] if prefix == "/usr" else ["--ro-bind", prefix, prefix]
        site = next(p for p in sys.path if p.endswith("site-packages"))
        return [*binds, "--symlink", interpreter, "/opt/bin/python3",
                "--ro-bind", site, "/opt/site-packages"]
