"""Runs a command's script as the SSM agent does, as a file, in a sandbox with stand-ins first on PATH."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from .router import Texts, write
from .run_command import Outcome

STANDINS = Path(__file__).parent / "standins"
Prepare = Callable[[Path, str], None]


class Sandbox:
    """Executor of commands for `fakes.ssm`: every run gets a home of its own, furnished by `prepare`."""

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self._folder = folder
        self._prepare = prepare
        self._numbers = itertools.count(1)

    def __call__(self, instance_id: str, script: str) -> Outcome:
        home = self._folder / f"{instance_id}-{next(self._numbers)}"
        (home / "bin").mkdir(parents=True)
        self._prepare(home, instance_id)
        path = home / "bin" / "script"
        path.write_text(script if script.endswith("\n") else script + "\n")
        path.chmod(0o755)
        return run(home)


def router_host(addresses: set[str], texts: Callable[[str], Texts]) -> Prepare:
    """A host whose router answers the show commands; `texts` may say something else in every run."""
    def prepare(home: Path, instance_id: str) -> None:
        write(texts(instance_id), home / "answers", addresses)
        shutil.copy(STANDINS / "lxc-router", home / "bin" / "lxc")
    return prepare


def bare_host(secret: str, failing: dict[str, int], containers: str = "", peers: Iterable[str] = ()) -> Prepare:
    """A host on which everything succeeds but the calls that match a pattern of `failing` (→ exit status). Its router has a
    tunnel to each address of `peers`."""
    def prepare(home: Path, _: str) -> None:
        for tool in ("apt-get", "dpkg", "snap", "lxd", "lxc", "aws", "chpasswd"):
            shutil.copy(STANDINS / "tool", home / "bin" / tool)
        (home / "pushed").mkdir()
        (home / "containers").write_text(containers)
        (home / "secret").write_text(secret)
        (home / "sa").write_text("".join(f"peer  up  1s  0B/0B  0/0  {peer}  id  AES\n" for peer in peers))
        (home / "failing").write_text("".join(f"{status} {pattern}\n" for pattern, status in failing.items()))
    return prepare


def run(home: Path, seconds: float = 60) -> Outcome:
    """Run `home`/bin/script with a /run and a /tmp of its own."""
    bwrap = shutil.which("bwrap")
    assert bwrap, "bubblewrap (Debian package bubblewrap) is needed to run scripts in a sandbox"
    command = [bwrap, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
               "--tmpfs", "/run", "--dir", "/run/lock", "--tmpfs", "/tmp",
               "--tmpfs", "/var/tmp", "--bind", str(home), "/tmp/host",
               "--chdir", "/tmp/host", "--clearenv", "--setenv", "PATH", "/tmp/host/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "--setenv", "SANDBOX", "/tmp/host", "/tmp/host/bin/script"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)
    return Outcome("Success" if done.returncode == 0 else "Failed", stdout=done.stdout, stderr=done.stderr,
                   code=done.returncode)
