"""Starts what is measured: a function under `measure`, beside a Systems Manager."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from dataclasses import dataclass, field
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
        self.result_file = work / "result.bytes"
        self.log_file = work / "function.log"

    def tool(self, name: str) -> str:
        return str(self.work / "bin" / name)

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

    def __init__(self, lab: Lab, fleet_file: Path, delay_ms: float) -> None:
        self._arguments = ["taskset", "-c", str(SERVER_CPU), lab.tool("ssm"), fleet_file, str(delay_ms)]

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
