"""A gigabyte from S3 into a file, with its SHA-256: the producer of the shared files, and AWS's command line with sha256sum."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from runs import FUNCTION_CPU, SERVER_CPU, Function, Lab

SIZE = 1_000_000_000
# The producer waits until a file is on its disk, which the command line does not: on a disk that would be all that is measured.
MEMORY = Path("/dev/shm")
PRODUCER, COMMAND_LINE = "producer of files.zip", "aws s3 cp, then sha256sum"
BUCKET, KEY = "bucket", "models/large"


class Store:
    """The benchmark's own S3, for as long as the `with` block lasts."""

    def __init__(self, lab: Lab) -> None:
        self._arguments = ["taskset", "-c", str(SERVER_CPU), lab.tool("s3"), str(SIZE)]

    def __enter__(self) -> str:
        self._process = subprocess.Popen(self._arguments, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        return f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def __exit__(self, *_exception: object) -> None:
        self._process.kill()
        self._process.wait()


def measure(lab: Lab, producer: Function, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Seconds from a program's start to its end; of the peer nothing where AWS's command line can't be had."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        return _measured(lab, producer, rounds, Path(folder))


def _measured(lab: Lab, producer: Function, rounds: int, mount: Path) -> dict[str, dict[str, list[float]]]:
    figures: dict[str, dict[str, list[float]]] = {}
    command_line = lab.work / "awscli/bin/aws"
    with Store(lab) as url:
        for number in range(rounds + 1):
            for name, run in ((PRODUCER, lambda: _produce(lab, producer, mount, url)),
                              (COMMAND_LINE, lambda: _copy(command_line, mount, url))):
                if name == COMMAND_LINE and not command_line.exists():
                    continue
                values = run()
                if number:  # the first one warms up
                    for figure, value in values.items():
                        figures.setdefault(name, defaultdict(list))[figure].append(value)
                _forget(mount)
    return figures


def _produce(lab: Lab, producer: Function, mount: Path, url: str) -> dict[str, float]:
    event = json.dumps({"httpMethod": "POST", "body": json.dumps({"key": KEY})}).encode()
    values = lab.run(producer, event, 1, _HANDLER="producer", EFS_MOUNT_PATH=str(mount), S3_BUCKET_NAME=BUCKET, AWS_ENDPOINT_URL=url)
    answer = json.loads(lab.result())
    if answer["statusCode"] != 200 or (mount / KEY).stat().st_size != SIZE:
        raise RuntimeError(f"the producer answered {answer}")
    return {"seconds": values["response_ms"] / 1000, "cpu_seconds": values["cpu_ms"] / 1000, "rss_mb": values["rss_mb"]}


def _copy(command_line: Path, mount: Path, url: str) -> dict[str, float]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(mount), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x",
                   "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}
    file = mount / "copy"
    # As `measure` does for the functions: on a CPU of its own, before whatever else the machine does where that is allowed.
    pinned = ["nice", "-n", "-20", "taskset", "-c", str(FUNCTION_CPU)]
    started, before = time.monotonic(), os.times()
    subprocess.run([*pinned, command_line, "s3", "cp", "--quiet", f"s3://{BUCKET}/{KEY}", file], env=environment, check=True)
    subprocess.run([*pinned, "sha256sum", file], stdout=subprocess.DEVNULL, check=True)
    seconds, after = time.monotonic() - started, os.times()
    if file.stat().st_size != SIZE:
        raise RuntimeError(f"aws s3 cp left {file.stat().st_size} bytes")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": seconds, "cpu_seconds": cpu}


def _forget(mount: Path) -> None:
    """The next one finds an empty folder, as this one did."""
    for path in mount.rglob("*"):
        if path.is_file():
            path.unlink()
