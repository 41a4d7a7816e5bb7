"""A small Debian in namespaces of its own: real apt, dpkg and needrestart, with a repository of tiny packages."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, lockf
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[2]
TEMPLATES = REPO / "Sources/SDWAN/Templates"
# Made once: debootstrap takes a minute.
BASE = REPO / ".local/debian"
SUITE = "bookworm"
PATIENCE = 120.0
WANTED = ("python3-pip", "net-tools", "tmux", "curl", "unzip", "jq")
HOLD = """set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$UPPER" && mkdir "$UPPER/changes" "$UPPER/work" "$UPPER/root"
mount -t overlay -o "lowerdir=$BASE,upperdir=$UPPER/changes,workdir=$UPPER/work" overlay "$UPPER/root"
cd "$UPPER/root"
mount -t proc proc proc && mount -t tmpfs tmpfs run && mount --bind /dev dev && mount --bind "$SHARED" srv
mkdir run/lock
ip link set lo up
exec chroot . sh -c 'echo held; exec sleep infinity'"""
# Nothing is done in a system that is not this one.
GUARD = "[ -e /srv/tiny-debian ] || exit 99; "
# Where a test says so, a package's script waits to be killed.
WAITS = """#!/bin/sh
if [ -e /srv/hang-{script} ]; then touch /srv/reached; exec sleep 60; fi
"""


class NoDebian(Exception):
    """There can be no such system here; the text says why."""


def base() -> Path:
    """The root that every such system begins with."""
    if os.geteuid() != 0:
        raise NoDebian("only root can make a root folder for apt and dpkg")
    if not BASE.exists():
        program = shutil.which("debootstrap", path="/usr/sbin:/usr/bin")
        if program is None:
            raise NoDebian("debootstrap is not installed")
        draft = BASE.with_name(f"debian.{os.getpid()}")
        done = subprocess.run([program, "--variant=minbase", "--include=needrestart", SUITE, str(draft)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise NoDebian(f"debootstrap failed: {done.stdout[-300:]}")
        draft.rename(BASE)
    return BASE


class Debian:
    """The system. `shared` is its /srv."""

    def __init__(self, folder: Path) -> None:
        self.shared = folder / "shared"
        self.shared.mkdir()
        (self.shared / "tiny-debian").touch()
        (folder / "upper").mkdir()
        own = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
        self._holder = subprocess.Popen(
            [*own, "bash", "-c", HOLD], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "BASE": str(base()), "UPPER": str(folder / "upper"), "SHARED": str(self.shared)})
        assert self._holder.stdout is not None and self._holder.stderr is not None
        if self._holder.stdout.readline() != b"held\n":
            raise NoDebian(f"no namespaces: {self._holder.stderr.read().decode()}")
        # It has said that from inside its root.
        self._child = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()[0]
        self._inside = ["nsenter", "--target", self._child, "--net", "--mount", "--pid", "--root", "--wd", "--"]
        self._sources("deb [trusted=yes] file:/srv/repository ./\n")

    def do(self, text: str, check: bool = True, **environment: str) -> str:
        """What a shell in it prints, on both ways out."""
        done = subprocess.run([*self._inside, "bash", "-c", GUARD + text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE, env=self._environment() | environment, check=False)
        assert done.returncode == 0 or not check, f"{text}: {done.stdout}"
        return done.stdout

    def begin(self, replaced: dict[str, str], mode: str = "") -> subprocess.Popen[str]:
        """Phase 1's part that has to do with packages, as the agent runs a script: a process group of its own."""
        parts = "\n".join((TEMPLATES / name).read_text() for name in ("common.sh", "packages.sh"))
        for old, new in replaced.items():
            assert old in parts, f"{old} is not in the script"
            parts = parts.replace(old, new)
        script = self.shared / "script"
        script.write_text(f"#!/bin/bash\nreadonly LOCK_WAIT=5 TIME_LIMIT=100\n{parts}\nmain() {{ install_packages; say ready; }}\nrun\n")
        script.chmod(0o700)
        steps = {"PATH": "/srv/steps/bin:" + self._environment()["PATH"], "STEPS": "/srv/steps", "TOOLS": "/srv/none"}
        return subprocess.Popen([*self._inside, "setsid", "--wait", "bash", "-c", f"{GUARD}echo $$ >/srv/steps/group; exec /srv/script"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env=self._environment() | steps | ({"NEEDRESTART_MODE": mode} if mode else {}))

    def run(self, replaced: dict[str, str] | None = None, kill_at: int = 0, when: str = "after",
            moment: float = 0) -> subprocess.CompletedProcess[str]:
        """The same to its end, or to the N-th command where it is killed."""
        self.kill_at(kill_at, when, moment)
        process = self.begin(replaced or {})
        said, _ = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, said)

    def kill_at(self, step: int, when: str = "after", moment: float = 0) -> None:
        steps = self.shared / "steps"
        (steps / "bin").mkdir(parents=True, exist_ok=True)
        for name in ("apt-get", "dpkg"):
            shutil.copy(HERE / "step", steps / "bin" / name)
        for name, value in (("kill_at", step), ("when", when), ("moment", moment), ("number", 0)):
            (steps / name).write_text(str(value))
        (steps / "calls").write_text("")

    def calls(self) -> list[str]:
        return (self.shared / "steps/calls").read_text().splitlines()

    def wait_for(self, name: str) -> None:
        """Until there is such a file in /srv."""
        until = time.monotonic() + PATIENCE
        while not (self.shared / name).exists():
            assert time.monotonic() < until, f"no {name}"
            time.sleep(0.05)

    @contextmanager
    def locked(self, path: str) -> Iterator[None]:
        """Another process has the lock, as apt and dpkg lock."""
        with Path(f"/proc/{self._child}/root{path}").open("a") as file:
            lockf(file, LOCK_EX | LOCK_NB)
            try:
                yield
            finally:
                lockf(file, LOCK_UN)

    def add_mirror(self, url: str) -> None:
        """One more source of packages."""
        self._sources(f"deb [trusted=yes] file:/srv/repository ./\ndeb [trusted=yes] {url} ./\n")

    def mend_mirrors(self) -> None:
        self._sources("deb [trusted=yes] file:/srv/repository ./\n")

    def package(self, name: str, version: str, needs: str = "", files: dict[str, tuple[str, int]] | None = None,
                scripts: dict[str, str] | None = None) -> None:
        """A package in the repository; the files have texts or, with @, are copies of what the system has."""
        draft = self.shared / f"draft-{name}-{version}"
        control = (f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: nobody <n@example.org>\n"
                   f"{f'Depends: {needs}{chr(10)}' if needs else ''}Description: tiny\n")
        (draft / "DEBIAN").mkdir(parents=True)
        (draft / "DEBIAN").chmod(0o755)
        (draft / "DEBIAN/control").write_text(control)
        for script, text in (scripts or {}).items():
            (draft / "DEBIAN" / script).write_text(text)
            (draft / "DEBIAN" / script).chmod(0o755)
        for path, (text, mode) in (files or {}).items():
            target = draft / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            source = Path(f"/proc/{self._child}/root{text[1:]}") if text.startswith("@") else None
            target.write_bytes(source.read_bytes() if source else text.encode())
            target.chmod(mode)
        (self.shared / "repository").mkdir(exist_ok=True)
        self.do(f"dpkg-deb --root-owner-group -Znone --build /srv/{draft.name} /srv/repository/{name}_{version}.deb")
        data = (self.shared / f"repository/{name}_{version}.deb").read_bytes()
        with (self.shared / "repository/Packages").open("a") as index:
            index.write(f"{control}Filename: ./{name}_{version}.deb\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n\n")

    def stop(self) -> None:
        self._holder.kill()
        self._holder.wait()

    def _sources(self, text: str) -> None:
        (self.shared / "sources").write_text(text)
        self.do("cp /srv/sources /etc/apt/sources.list")

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
