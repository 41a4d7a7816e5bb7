"""Who takes part: the functions of this project and the peers beside them."""

from __future__ import annotations

import shlex
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from runs import Function, Lab

OURS, FLOOR, SOCKET = "Swift, this project", "C over the same libcurl", "C over raw sockets"
LAZY = "C over the same libcurl, TLS when first used"
GO_JOB = "Go, SDK v2, goroutines"
PYTHON, SINGLE, BY_PATH = "Python, awslambdaric", "Python, parameter by parameter", "Python, parameters by path"
SWIFT_RUNTIME, CPP_RUNTIME = "swift-aws-lambda-runtime", "aws-lambda-cpp"
RUST_RUNTIME, GO_RUNTIME = "lambda_runtime (Rust)", "aws-lambda-go"
# exec → /next of ours is at most so many times theirs. They are nowhere but in Git repositories, so whoever runs the
# benchmark builds them.
START_GOALS = {SWIFT_RUNTIME: 0.5, CPP_RUNTIME: 1.0}
# Peers that are known by name, and where they are from.
PEERS = {SWIFT_RUNTIME: "in neither Debian nor PyPI", CPP_RUNTIME: "in neither Debian nor PyPI",
         RUST_RUNTIME: "a crate of crates.io", GO_RUNTIME: "a module of Go's"}


def parse_peer(text: str) -> Function:
    """A peer from its option `NAME=COMMAND`: a bootstrap that gives its event back, or does phase 2's job."""
    name, separator, command = text.partition("=")
    words = shlex.split(command)
    if not (name and separator and words):
        raise ValueError(text)
    return Function(name, tuple(words))


@dataclass(frozen=True)
class Participants:
    lab: Lab
    peers: list[Function] = field(default_factory=list)
    jobs: list[Function] = field(default_factory=list)

    @property
    def _python(self) -> Path:
        return self.lab.work / "venv" / "bin" / "python"

    def bootstrap(self, phase: str, name: str = "") -> Function:
        folder = self.lab.work / "functions" / phase
        with zipfile.ZipFile(self.lab.work / "dist" / f"{phase}.zip") as archive:
            archive.extractall(folder)
        (folder / "bootstrap").chmod(0o755)
        variables = {"VYOS_S3_BUCKET": "images", "VYOS_S3_REGION": "us-east-1", "VYOS_S3_KEY": "router.tar.gz"}
        return self.lab.alike(Function(name or phase, (str(folder / "bootstrap"),), variables))

    def python(self, name: str, handler: str, discovery: str = "") -> list[Function]:
        """Nobody, where the packages can't be had."""
        if not self._python.exists():
            return []
        folder = str(Path(__file__).parent)
        return [Function(name, (str(self._python), "-m", "awslambdaric", handler),
                         {"PEER_DISCOVERY": discovery, "LAMBDA_TASK_ROOT": folder, "PYTHONPATH": folder,
                          "PYTHONPYCACHEPREFIX": str(self.lab.work / "pycache")})]

    def echoes(self) -> list[Function]:
        named = (SOCKET, "echo-socket"), (FLOOR, "echo-curl"), (LAZY, "echo-curl-lazy"), (OURS, "echo-swift")
        programs = [*(Function(name, (self.lab.tool(tool),)) for name, tool in named), *self.peers]
        return [*map(self.lab.alike, programs), *self.python(PYTHON, "python_echo.echo")]

    def ours(self) -> Function:
        return next(one for one in self.echoes() if one.name == OURS)

    def phase_jobs(self) -> list[Function]:
        """Who else does phase 2's job with the same bytes."""
        built = Path(self.lab.tool("go-job"))
        return [self.lab.alike(one) for one in [*([Function(GO_JOB, (str(built),))] if built.exists() else []), *self.jobs]]

    def absent(self) -> dict[str, str]:
        """Who could take part and does not, and why."""
        given = {one.name for one in self.peers}
        reasons = {name: f"{place}; an echo function built with it takes part by --peer '{name}=COMMAND'"
                   for name, place in PEERS.items() if name not in given}
        if not self._python.exists():
            reasons[PYTHON] = "awslambdaric and boto3 could not be installed from PyPI"
        if GO_JOB not in {one.name for one in self.phase_jobs()}:
            reasons[GO_JOB] = "Go and its SDK are not here; on Debian: golang-go golang-github-aws-aws-sdk-go-v2-dev"
        if not self.lab.can_count:
            reasons["instruction counts, and their goals"] = "valgrind is not here"
        return reasons
