"""A function of files.zip in a sandbox, with a folder as its access point gives it: at /mnt/efs, as user 1000."""

from __future__ import annotations

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

from fake_s3 import BUCKET, FakeS3
from fakes.runtime_api import Invocation, RuntimeAPI
from harness import check_report

MOUNT = "/mnt/efs"
PATIENCE = 120
FOLDERS = ("models", "inputs", "outputs")


def bound(folder: Path) -> list[str]:
    return ["--bind", str(folder), MOUNT]


class Mounted:
    """One process, and the Runtime API that serves it."""

    def __init__(self, role: str, task_root: Path, folder: Path, s3: FakeS3, mount: list[str], **environment: str) -> None:
        self.folder = folder
        self.runtime = RuntimeAPI()
        variables = {
            "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC", "LAMBDA_TASK_ROOT": str(task_root), "_HANDLER": role,
            "AWS_LAMBDA_RUNTIME_API": self.runtime.address, "AWS_LAMBDA_FUNCTION_NAME": f"files-{role}",
            "AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": s3.url, **s3.identity.environment(),
            "EFS_MOUNT_PATH": MOUNT, "S3_BUCKET_NAME": BUCKET, **environment}
        self._log = folder.with_name(f"{folder.name}-{role}-{uuid.uuid4().hex[:8]}.log")
        sandbox = ["bwrap", "--unshare-user", "--uid", "1000", "--gid", "1000", "--die-with-parent", "--ro-bind", "/", "/",
                   "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/mnt", *mount, "--"]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen([*sandbox, str(task_root / "bootstrap")], cwd=task_root, env=variables,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    def invoke(self, event: dict[str, Any]) -> Invocation:
        invocation = self.runtime.invoke(event)
        assert invocation.done.wait(PATIENCE), f"no result within {PATIENCE} s: {self._log.read_text()[-2000:]}"
        check_report(invocation)
        return invocation

    def post(self, body: dict[str, Any] | str) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer to API Gateway's event."""
        text = body if isinstance(body, str) else json.dumps(body)
        answer = self.invoke({"httpMethod": "POST", "body": text, "isBase64Encoded": False}).response
        assert answer["headers"]["Access-Control-Allow-Origin"] == "*" and answer["isBase64Encoded"] is False
        return answer["statusCode"], json.loads(answer["body"])

    def logs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def peak(self) -> int:
        """Bytes that it had in memory at most."""
        sandbox = self.process.pid
        child, = Path(f"/proc/{sandbox}/task/{sandbox}/children").read_text().split()
        assert Path(f"/proc/{child}/comm").read_text() == "bootstrap\n"
        lines = Path(f"/proc/{child}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self.runtime.stop()


def everything(folder: Path) -> dict[str, bytes | str | None]:
    """All that is below a folder: files with their content, links with where they lead, folders with nothing."""
    found: dict[str, bytes | str | None] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        found[name] = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
    return found


def leftovers(folder: Path) -> list[str]:
    """What temporary files were left, or anything that is no folder of ours."""
    return [str(path) for path in folder.rglob(".*")]
