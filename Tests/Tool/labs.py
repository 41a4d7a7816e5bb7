"""A lab and the tool over it: scripts/lab keeps a network on this machine, of the kind that a test wants."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

REPO = Path(__file__).resolve().parents[2]
SDWAN = Path(os.environ.get("SDWAN_TOOL", REPO / "cli/.build/debug/sdwan"))
KEPT = REPO / ".local/lab.json"
# Two waves, of which the second waits for an approval.
WAVES = [{"name": "canary", "routers": ["nv-sdwan", "nv-branch1"]},
         {"name": "others", "rest": True, "dependsOn": ["canary"], "pauseBefore": True}]
LONGEST_COMMAND, LONGEST_WAIT = 600, 120
ENDED = ("SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT")


class Labs:
    """At most one lab at a time. A developer's own is used where SDWAN_TEST_LAB says of which kind it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = os.environ.get("SDWAN_TEST_LAB")
        self._up: str | None = None

    def want(self, kind: str) -> Lab:
        if self._kept:
            assert kind == self._kept, f"the lab that is up is {self._kept}, not {kind}"
        elif self._up != kind:
            self.down()
            lab("up", "--skip-build", *self._options(kind))
            self._up = kind
        return Lab()

    def down(self) -> None:
        if self._up:
            lab("down")
        self._up = None

    def _options(self, kind: str) -> list[str]:
        if kind == "synchronous":
            return []
        network = self._folder / "network.json"
        network.write_text(json.dumps(json.loads((REPO / "examples/four.json").read_text()) | {"waves": WAVES}))
        return ["--orchestration", "rollout", "--topology", str(network), "--waves"]


def lab(*words: str) -> str:
    ended = subprocess.run([REPO / "scripts/lab", *words], capture_output=True, text=True, timeout=LONGEST_COMMAND, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


class Lab:
    """What an operator does with it."""

    def sdwan(self, *words: str, status: int | None = 0, environment: dict[str, str] | None = None) -> str:
        """What a command prints; it has to end with the status. Nobody is at its terminal."""
        ended = run(*words, "--endpoint", "local", environment=environment)
        assert status is None or ended.returncode == status, \
            f"sdwan {' '.join(words)} ended with {ended.returncode}:\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
        return ended.stdout

    def json(self, *words: str, status: int | None = 0) -> list[dict[str, Any]]:
        """The objects that a command prints, each as docs/schema has it."""
        lines = [json.loads(line) for line in self.sdwan(*words, "--output", "json", status=status).splitlines()]
        for line in lines:
            validate(words[0], line)
        return lines

    def until(self, has_come: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The status once something is so."""
        deadline = time.monotonic() + LONGEST_WAIT
        while True:
            page = self.json("status", status=None)[-1]
            if has_come(page):
                return page
            assert time.monotonic() < deadline, f"{what}: {page}"
            time.sleep(1)

    def settle(self) -> None:
        """No execution is left running."""
        if self.json("status", status=None)[-1]["execution"]["status"] not in ENDED:
            self.sdwan("stop")
            self.until(lambda page: page["execution"]["status"] in ENDED, "stopped")


def run(*words: str, environment: dict[str, str] | None = None, timeout: float = LONGEST_COMMAND) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run([SDWAN, *split(words)], env=clean | (environment or {}), cwd=REPO, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=timeout, check=False)


def split(words: tuple[str, ...]) -> list[str]:
    """Options stand before --, behind which a router's command is."""
    if "--" not in words:
        return list(words)
    place = words.index("--")
    later = [i for i, word in enumerate(words) if i > place and word in ("--endpoint", "--output")]
    moved = [word for i in later for word in words[i:i + 2]]
    kept = [word for i, word in enumerate(words) if i not in later and i - 1 not in later]
    place = kept.index("--")
    return [*kept[:place], *moved, *kept[place:]]


SCHEMAS = {"verify": "status", "show": "status", "approve": "answer", "reject": "answer"}
FOLLOWED = ("watch", "up", "resume")


def validate(verb: str, line: dict[str, Any]) -> str:
    """The name of the schema that a line of a verb's output keeps to."""
    if verb in FOLLOWED:
        name = "watch" if "event" in line else "status" if "routers" in line else "plan" if "changed" in line else "started"
    else:
        name = SCHEMAS.get(verb, verb)
    schema = json.loads((REPO / f"docs/schema/{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(line)]
    assert not errors, f"{verb} does not print what docs/schema/{name}.json says: {errors}: {line}"
    seen.add(name)
    return name


# The schemas that something was held against.
seen: set[str] = set()

if __name__ == "__main__":
    sys.exit("these are fixtures of pytest")
