"""A host with a real LXD, in namespaces of its own, on which scripts are run and killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE / "tools"
# The programs whose calls are counted: all that change something on a host, and those that tell what is there.
COUNTED = ("apt-get", "aws", "chpasswd", "curl", "dpkg", "lxc", "lxd", "sha256sum", "snap")
CARDS = {"ens5": "02:00:00:00:00:05", "ens6": "02:00:00:00:00:06", "ens7": "02:00:00:00:00:07"}
# Longer than any wait of a script's own, which ends what hangs and names it.
PATIENCE = 400.0
# Everything that LXD keeps, in memory. What is not there can be filled up.
SIZE = "400m"
HOLD = """set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/tmp && mount -t sysfs sysfs /sys && mount -t cgroup2 none /sys/fs/cgroup
mkdir /run/lock /run/lxd && mount -t tmpfs -o size=$SIZE tmpfs /run/lxd
ip link set lo up
for card in $CARDS; do ip link add "${card%=*}" address "${card#*=}" type ifb; done
echo held
exec sleep infinity"""


def obstacle() -> str | None:
    """Why there can be no such host here; None if there can."""
    if os.geteuid() != 0:
        return "only root can have a network of its own with LXD in it"
    places = "/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
    missing = [name for name in ("lxd", "lxc", "unshare", "nsenter", "ip") if not shutil.which(name, path=places)]
    return f"{', '.join(missing)} not installed" if missing else None


class NoWorld(Exception):
    """This machine can't have such a host; the text says why."""


class World:
    """The host. Its LXD starts in a second, a container in a fifth of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._steps = folder / "steps"
        self._steps.mkdir(parents=True)
        (folder / "bin").mkdir()
        for name in COUNTED:
            (folder / "bin" / name).symlink_to(HERE / "step")
        (folder / "secret").write_text("a-long-secret\n")
        cards = " ".join(f"{name}={mac}" for name, mac in CARDS.items())
        own = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self._holder = subprocess.Popen([*own, "bash", "-c", HOLD],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env={**os.environ, "CARDS": cards, "SIZE": SIZE})
        assert self._holder.stdout is not None and self._holder.stderr is not None
        if self._holder.stdout.readline() != b"held\n":
            raise NoWorld(f"no namespaces: {self._holder.stderr.read().decode()}")
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()
        self.processes = os.readlink(f"/proc/{children[0]}/ns/pid")
        # What runs there, as it is seen from there: a few entries, where this machine's own has hundreds.
        self.proc = Path(f"/proc/{children[0]}/root/proc")
        self._inside = ["nsenter", "--target", children[0], "--net", "--mount", "--pid", "--"]
        try:
            self.start_lxd()
        except (AssertionError, subprocess.TimeoutExpired) as error:
            self._holder.kill()
            raise NoWorld(f"LXD does not start: {error}") from error

    @property
    def image(self) -> Path:
        """What aws fetches."""
        return self.folder / "image.tar.gz"

    def start_lxd(self) -> None:
        with (self.folder / "lxd.log").open("ab") as log:
            subprocess.Popen([*self._inside, "lxd", "--group", "root"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                             env=self._environment())
        self.do("lxd waitready --timeout=60")

    def do(self, text: str, check: bool = True) -> str:
        """What a shell on the host prints."""
        done = subprocess.run([*self._inside, "bash", "-c", text], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=PATIENCE, env=self._environment(), check=False)
        assert done.returncode == 0 or not check, f"{text}: {done.stderr}"
        return done.stdout

    def run(self, script: str, kill_at: int = 0, when: str = "after", moment: float = 0.05) -> subprocess.CompletedProcess[str]:
        """A script as the agent runs it: a file, in a session of its own. It may be killed at the N-th command."""
        file = self.folder / "script"
        file.write_text(script if script.endswith("\n") else script + "\n")
        file.chmod(0o700)
        for name, value in (("kill_at", kill_at), ("when", when), ("moment", moment), ("number", 0)):
            (self._steps / name).write_text(str(value))
        (self._steps / "calls").write_text("")
        environment = self._environment() | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "STEPS": str(self._steps),
                                             "TOOLS": str(TOOLS), "WORLD": str(self.folder)}
        begin = f'echo $$ >"{self._steps}/group"; exec "{file}"'
        with (self.folder / "out").open("w+") as out, (self.folder / "err").open("w+") as err:
            # Into files: what lives on would hold a pipe open.
            done = subprocess.run([*self._inside, "setsid", "--wait", "bash", "-c", begin], stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=err, timeout=PATIENCE, env=environment, check=False)
            out.seek(0), err.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())

    def begin(self, script: str, name: str) -> subprocess.Popen[str]:
        """The same, uncounted, beside others; its process group is its own."""
        file = self.folder / f"script-{name}"
        file.write_text(script if script.endswith("\n") else script + "\n")
        file.chmod(0o700)
        environment = self._environment() | {"PATH": f"{TOOLS}:{os.environ['PATH']}", "WORLD": str(self.folder)}
        with (self.folder / f"out-{name}").open("w") as out:
            return subprocess.Popen([*self._inside, str(file)], stdin=subprocess.DEVNULL, stdout=out, stderr=out, text=True,
                                    env=environment, start_new_session=True)

    def said(self, name: str) -> str:
        """What a script that was begun has printed."""
        return (self.folder / f"out-{name}").read_text()

    def hurry(self, yes: bool) -> None:
        """Whether LXD ends what it keeps for a container's files at once; it would take 15 s."""
        (self.folder / "hurry").touch() if yes else (self.folder / "hurry").unlink(missing_ok=True)

    def calls(self) -> list[str]:
        """What the last script called, in order, numbered."""
        return (self._steps / "calls").read_text().splitlines()

    def settle(self) -> float:
        """Until nothing of an ended script runs any more; how long that took."""
        started = time.monotonic()
        while self.do("pgrep -f sdwan-watchdog", check=False):
            assert time.monotonic() < started + PATIENCE, "a watchdog does not end"
            time.sleep(0.1)
        return time.monotonic() - started

    def containers(self) -> dict[str, str]:
        listed = self.do("lxc list --format csv -c ns").split()
        return dict(line.split(",") for line in listed)

    def inside(self, text: str) -> str:
        return self.do(f"lxc exec router -- bash -c '{text}'")

    def leftovers(self) -> str:
        return self.do("ls -d /run/sdwan.?????? /run/sdwan-watchdog.* /var/tmp/sdwan-* 2>/dev/null", check=False)

    def stop(self) -> None:
        self.do("lxc list --format csv -c n | xargs -r -n 1 lxc delete --force", check=False)
        self._holder.kill()
        self._holder.wait()

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "LXD_DIR": "/run/lxd"}
