"""Starts a real bootstrap from its zip, with Lambda's environment, beside the fakes."""

from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import zipfile
from pathlib import Path

from fakes.run_command import Outcome
from fakes.runtime_api import Invocation, RuntimeAPI
from fakes.ssm import FakeSSM

ROOT = Path(__file__).resolve().parents[2]
DIST = Path(os.environ.get("SDWAN_DIST") or ROOT / "dist")
CONFORMANCE = Path(os.environ.get("SDWAN_CONFORMANCE") or ROOT / ".local" / "conformance")
ERROR_TYPE_HEADER = re.compile(r"(Runtime|Function)\.[A-Z][a-zA-Z]+")
PATIENCE = 60


def zip_path(name: str, folder: Path = DIST) -> Path:
    path = folder / f"{name}.zip"
    how = "run scripts/package, or set SDWAN_DIST to the folder with the zips"
    if folder == CONFORMANCE:
        how = f"run scripts/package --output .local/conformance {name}, or set SDWAN_CONFORMANCE to its folder"
    assert path.is_file(), f"{path} is missing: {how}"
    return path


def unpack(name: str, folder: Path, zips: Path = DIST) -> Path:
    """The task root of a function, as Lambda lays it out."""
    task_root = folder / name
    with zipfile.ZipFile(zip_path(name, zips)) as archive:
        archive.extractall(task_root)
        for entry in archive.infolist():
            (task_root / entry.filename).chmod(entry.external_attr >> 16)
    return task_root


class Bootstrap:
    """A running function. Its output goes to files, as a daemon's should."""

    def __init__(self, task_root: Path, folder: Path, environment: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._out, self._err = folder / "stdout", folder / "stderr"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen([str(task_root / "bootstrap")], cwd=task_root, env=environment,
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def logs(self) -> list[str]:
        """Every line that it wrote to either stream."""
        return [line for path in (self._out, self._err)
                for line in path.read_bytes().decode(errors="replace").split("\n") if line]

    def wait(self, seconds: float = PATIENCE) -> int:
        return self.process.wait(seconds)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def running(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        if self.running():
            self.process.kill()
        self.process.wait(10)


class Lab:
    """The fakes and the functions of one test."""

    def __init__(self, task_roots: dict[str, Path], folder: Path) -> None:
        self._task_roots = task_roots
        self.folder = folder
        self.ssm = FakeSSM()
        self.runtimes: list[RuntimeAPI] = []
        self.bootstraps: list[Bootstrap] = []

    def environment(self, phase: str, runtime: RuntimeAPI) -> dict[str, str]:
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": str(self._task_roots[phase]), "_HANDLER": "bootstrap",
            "AWS_LAMBDA_RUNTIME_API": runtime.address, "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023",
            "AWS_LAMBDA_FUNCTION_NAME": f"sdwan-{phase}", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/sdwan-{phase}", "AWS_LAMBDA_LOG_STREAM_NAME": "test",
            "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.ssm.url,
            **self.ssm.identity.environment(),
            "SSM_PARAM_PREFIX": "/sdwan/", "SSM_TIMEOUT": "30", "SSM_POLL_INTERVAL": "0.05",
            "SDWAN_VERIFY_TIMEOUT": "0",
        }
        if phase == "phase1":
            environment |= {"VYOS_S3_BUCKET": "images-of-ours", "VYOS_S3_REGION": "us-east-1",
                            "VYOS_S3_KEY": "vyos/router.tar.gz"}
        return environment

    def start(self, phase: str, runtime: RuntimeAPI | None = None, without: tuple[str, ...] = (),
              **environment: str) -> Function:
        runtime = runtime or RuntimeAPI()
        self.runtimes.append(runtime)
        merged = self.environment(phase, runtime) | environment
        merged = {name: value for name, value in merged.items() if name not in without}
        bootstrap = Bootstrap(self._task_roots[phase], self.folder / f"{phase}-{len(self.bootstraps)}", merged)
        self.bootstraps.append(bootstrap)
        return Function(bootstrap, runtime)

    def outcome(self, outcome: Outcome) -> None:
        """The same end for every host's command."""
        for host in self.ssm.hosts.values():
            host.outcome = outcome

    def use_tls(self, context: ssl.SSLContext) -> None:
        """The same Systems Manager behind TLS."""
        plain, self.ssm = self.ssm, FakeSSM(context)
        self.ssm.parameters, self.ssm.hosts = plain.parameters, plain.hosts
        plain.stop()

    def stop(self) -> None:
        for bootstrap in self.bootstraps:
            bootstrap.kill()
        for runtime in self.runtimes:
            runtime.stop()
        self.ssm.stop()


class Function:
    """A bootstrap and the Runtime API that serves it."""

    def __init__(self, bootstrap: Bootstrap, runtime: RuntimeAPI) -> None:
        self.bootstrap = bootstrap
        self.runtime = runtime

    def invoke(self, payload: bytes | dict | str = b"{}", patience: float = PATIENCE, **rest) -> Invocation:
        """Invoke, wait for the result, and check what holds for every result."""
        invocation = self.runtime.invoke(payload, **rest)
        assert invocation.done.wait(patience), f"no result within {patience} s; logs: {self.bootstrap.logs()[-20:]}"
        check_report(invocation)
        return invocation


def check_report(invocation: Invocation) -> None:
    """An error report must survive the service's filter, and no result carries a wrong content type."""
    assert invocation.result is not None
    assert "Expect" not in invocation.result.headers
    if invocation.failed:
        assert ERROR_TYPE_HEADER.fullmatch(invocation.error_type_header), invocation.error_type_header
        assert {"errorType", "errorMessage"} <= set(invocation.json), invocation.json
