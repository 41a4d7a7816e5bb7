"""A network, mount and UTS namespace, and the programs that run in it."""

import subprocess
import time
from pathlib import Path

from ..vyos.machine import Answer, Failed

RUN_SECONDS = 60.0
READY_SECONDS = 15.0
END_SECONDS = 1.0
HOLD = ('hostname "$1" && mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/tmp && '
        "ip link set lo up && echo held && exec sleep infinity")


class Namespace:
    """Held by a sleeping process; what has no process left in it is gone."""

    def __init__(self, name: str, logs: Path) -> None:
        self.name = name
        self._logs = logs
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self._holder = subprocess.Popen(["unshare", "--net", "--mount", "--uts", "--", "sh", "-c", HOLD, "sh", name],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self._holder.stdout is None or self._holder.stdout.readline() != b"held\n":
            raise Failed(f"no namespace for {name}: {self._holder.communicate()[1].decode().strip()}")

    @property
    def id(self) -> str:
        """The process that `ip link set … netns` wants."""
        return str(self._holder.pid)

    def run(self, argv: list[str], stdin: str = "") -> Answer:
        try:
            done = subprocess.run(self._inside(argv), input=stdin, capture_output=True, text=True,
                                  errors="replace", timeout=RUN_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{argv[0]} did not end within {RUN_SECONDS:.0f} s") from error
        return Answer(done.returncode, done.stdout, done.stderr)

    def do(self, *argv: str, stdin: str = "") -> str:
        """Run a program that must succeed."""
        answer = self.run(list(argv), stdin)
        if answer.status != 0:
            raise Failed(f"{self.name}: {' '.join(argv[:2])}: {(answer.err or answer.out).strip()}")
        return answer.out

    def script(self, text: str, *words: str, stdin: str = "") -> str:
        """Run a shell text that must succeed, with its words as $1, $2…"""
        return self.do("sh", "-c", text, "sh", *words, stdin=stdin)

    def runs(self, name: str) -> bool:
        """Whether a daemon of that name was started and has not ended."""
        return name in self._daemons and self._daemons[name].poll() is None

    def start(self, name: str, argv: list[str], ready: list[str]) -> None:
        """Start a daemon and wait until the paths of `ready` exist; one of that name that half came up is ended before.

        Its output goes to a file, for a pipe would keep its reader waiting.
        """
        self.end(name)
        root = Path("/proc", self.id, "root")
        paths = [root / path.lstrip("/") for path in ready]
        for path in paths:
            path.unlink(missing_ok=True)
        log = self._logs / f"{self.name}-{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(self._inside(argv), stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT)
        self._daemons[name] = process
        deadline = time.monotonic() + READY_SECONDS
        while not all(path.exists() for path in paths):
            if process.poll() is not None:
                raise Failed(f"{name} ended with status {process.returncode}; see {log}")
            if time.monotonic() > deadline:
                raise Failed(f"{name} was not ready within {READY_SECONDS:.0f} s; see {log}")
            time.sleep(0.02)

    def end(self, name: str) -> None:
        """End a daemon, which has a moment to tell its peers; none of that name is as good."""
        process = self._daemons.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        for process in [*self._daemons.values(), self._holder]:
            process.kill()
            process.wait()

    def _inside(self, argv: list[str]) -> list[str]:
        return ["nsenter", "--target", self.id, "--net", "--mount", "--uts", "--", *argv]
