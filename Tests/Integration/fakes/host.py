"""Runs a command's script as the SSM agent does, as a file, in a sandbox with stand-ins first on PATH."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .router import Texts, write
from .run_command import Outcome

_LXC = r"""#!/bin/bash
# Answers the router commands from files; whatever else a script asks of lxc is refused.
printf '%s\n' "$*" >>"$SANDBOX/lxc.log"
[ "$1 $2 $3" = "exec router --" ] || { echo "stand-in: lxc $*" >&2; exit 64; }
[ ! -e "$SANDBOX/answers/stopped" ] || { echo "Error: Instance is not running" >&2; exit 1; }
shift 3
case "$1" in
  /opt/vyatta/bin/vyatta-op-cmd-wrapper) shift; name=$(printf '%s-' "$@"); name=${name%-} ;;
  ping) [ "$2 $3 $4 $5" = "-c 3 -W 2" ] && name="ping-$6" ;;
esac
if [ -z "${name:-}" ] || [ ! -e "$SANDBOX/answers/$name.out" ]; then
  echo "stand-in: nothing known of $*" >&2; exit 64
fi
cat "$SANDBOX/answers/$name.out"
exit "$(cat "$SANDBOX/answers/$name.status")"
"""


class Sandbox:
    """A host: an executor for `fakes.ssm`. `texts` may give other answers for every run."""

    def __init__(self, folder: Path, addresses: set[str], texts: Callable[[str], Texts]) -> None:
        self._folder = folder
        self._addresses = addresses
        self._texts = texts
        self._runs = itertools.count(1)

    def __call__(self, instance_id: str, script: str) -> Outcome:
        home = self._folder / f"{instance_id}-{next(self._runs)}"
        (home / "bin").mkdir(parents=True)
        write(self._texts(instance_id), home / "answers", self._addresses)
        for name, text in (("lxc", _LXC), ("script", script)):
            path = home / "bin" / name
            path.write_text(text if text.endswith("\n") else text + "\n")
            path.chmod(0o755)
        return run(home)


def run(home: Path, seconds: float = 60) -> Outcome:
    """Run `home`/bin/script with a /run and a /tmp of its own."""
    bwrap = shutil.which("bwrap")
    assert bwrap, "bubblewrap (Debian package bubblewrap) is needed to run scripts in a sandbox"
    command = [bwrap, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
               "--tmpfs", "/run", "--dir", "/run/lock", "--tmpfs", "/tmp", "--bind", str(home), "/tmp/host",
               "--chdir", "/tmp/host", "--clearenv", "--setenv", "PATH", "/tmp/host/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "--setenv", "SANDBOX", "/tmp/host", "/tmp/host/bin/script"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)
    return Outcome("Success" if done.returncode == 0 else "Failed", stdout=done.stdout, stderr=done.stderr,
                   code=done.returncode)
