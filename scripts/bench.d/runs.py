"""Starts what is measured: a function under `measure`, beside a Systems Manager."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path

SERVER_CPU, FUNCTION_CPU = 0, (1 if (os.cpu_count() or 1) > 1 else 0)


@dataclass(frozen=True)
class Function:
    """A program that serves invocations."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


class Lab:
    def __init__(self, work: Path) -> None:
        self.work = work
        self.counts_file = work / "counts.log"
        self._copies: dict[str, Path] = {}
        shutil.rmtree(work / "candidates", ignore_errors=True)
        self.result_file = work / "result.bytes"
        self.log_file = work / "function.log"

    def tool(self, name: str) -> str:
        return str(self.work / "bin" / name)

    def alike(self, function: Function) -> Function:
        """The same with its program copied: how much of a file counts as a process's memory depends on who wrote it. A program
        that is no machine code (an interpreter has its files beside it) stays where it is."""
        program = shutil.which(function.command[0])
        if program is None:
            raise RuntimeError(f"{function.name}: there is no program {function.command[0]}")
        if Path(program).is_symlink() or Path(program).read_bytes()[:4] != b"\x7fELF":
            return function
        if program not in self._copies:
            folder = self.work / "candidates" / str(len(self._copies))
            folder.mkdir(parents=True)
            subprocess.run(["cp", program, folder], check=True)
            self._copies[program] = folder / Path(program).name
        return replace(function, command=(str(self._copies[program]), *function.command[1:]))

    @property
    def can_count(self) -> bool:
        return shutil.which("valgrind") is not None

    def instructions(self, function: Function, event: bytes, invocations: int, **environment: str) -> float:
        """How many a process executes in user space, from its start until it asks for another invocation; with no invocation:
        until it asks for the first. In millions; the same on every machine with the same libraries."""
        counting = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={self.counts_file}")
        self.run(replace(function, command=(*counting, *function.command)), event, invocations, MEASURE_SIGNAL="TERM", **environment)
        found = re.search(r"Collected : (\d+)", self.counts_file.read_text())
        if found is None:
            raise RuntimeError(f"{function.name}: callgrind counted nothing, see {self.counts_file}")
        return int(found[1]) / 1e6

    def run(self, function: Function, event: bytes, invocations: int, **environment: str) -> dict[str, float]:
        """One process from its start to its last response; what it answered last is in `result`."""
        event_file = self.work / "event.bytes"
        event_file.write_bytes(event)
        with self.log_file.open("wb") as log:
            done = subprocess.run(
                ["taskset", "-c", str(SERVER_CPU), self.tool("measure"), event_file, str(invocations),
                 str(FUNCTION_CPU), self.result_file, *function.command],
                env=_lambda_environment(function.name) | function.environment | environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, timeout=900)
        if done.returncode:
            raise RuntimeError(f"{function.name}: {self.log_file.read_bytes().decode(errors='replace')[-2000:]}")
        return json.loads(done.stdout)

    def result(self) -> bytes:
        return self.result_file.read_bytes()


def _lambda_environment(name: str) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC", "_HANDLER": "bootstrap",
        "AWS_LAMBDA_FUNCTION_NAME": name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}", "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
        "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "benchmark", "AWS_SESSION_TOKEN": "benchmark" * 40,
    }


class SystemsManager:
    """The benchmark's own, for as long as the `with` block lasts."""

    def __init__(self, lab: Lab, fleet_file: Path, delay_ms: float, record: Path | None = None) -> None:
        """`record` gets the body of each SendCommand, one a line."""
        self._arguments = ["taskset", "-c", str(SERVER_CPU), lab.tool("ssm"), fleet_file, str(delay_ms), *([record] if record else [])]

    def __enter__(self) -> SystemsManager:
        self._process = subprocess.Popen(self._arguments, stdout=subprocess.PIPE)
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.kill()
        self._process.wait()

    def reset(self) -> None:
        urllib.request.urlopen(f"{self.url}/reset", timeout=10).read()

    def stats(self) -> dict[str, float]:
        return json.load(urllib.request.urlopen(f"{self.url}/stats", timeout=10))


def calls(stats: dict[str, float]) -> int:
    return int(sum(value for name, value in stats.items() if name[0].isupper()))
