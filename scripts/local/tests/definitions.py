"""The definitions that Terraform renders, by the name of the run in a file of terraform/tests."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3] / "terraform"
# The root's machine; the rollout module's.
RUNS, ROLLOUTS = "tests/definitions.tftest.hcl", "tests/rollout_definitions.tftest.hcl"
MACHINE = "aws_sfn_state_machine"


def rendered(folder: Path, runs: str = RUNS) -> dict[str, str]:
    """Runs a test file, which needs no account, and reads what its runs leave. Terraform's own data goes to the folder."""
    environment = {**os.environ, "TF_DATA_DIR": str(folder / "data"), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    _terraform(environment, "init", "-input=false", "-backend=false")
    lines = _terraform(environment, "test", "-json", "-verbose", f"-filter={runs}").splitlines()
    states = {event["@testrun"]: event["test_state"] for event in map(json.loads, lines) if event["type"] == "test_state"}
    return {run: definition for run, state in states.items() for definition in _definitions(state)}


def _definitions(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value.get("type") == MACHINE:
        yield value["values"]["definition"]
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _definitions(each)


def _terraform(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(["terraform", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return done.stdout
