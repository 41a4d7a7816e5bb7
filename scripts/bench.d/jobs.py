"""Phase 2's job done by others: each sends the very scripts that this project's function has sent."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cases
from runs import Function, Lab, SystemsManager


def with_scripts(lab: Lab, jobs: list[Function], ours: Function, routers: int) -> list[Function]:
    """The jobs with JOB_SCRIPTS in their environment: for each router a line "INSTANCE BYTES", then its script."""
    if not jobs:
        return []
    record, scripts = lab.work / "recorded.jsonl", lab.work / f"scripts-{routers}"
    fleet_file, environment = cases.prepared(lab, "phase2", routers)
    with SystemsManager(lab, fleet_file, 0, record) as ssm:
        cases.phase_run(lab, ours, ssm, routers, **environment)
    _write(record, scripts)
    return [replace(job, environment=job.environment | {"JOB_SCRIPTS": str(scripts)}) for job in jobs]


def _write(record: Path, scripts: Path) -> None:
    with scripts.open("wb") as file:
        for line in record.read_text().splitlines():
            body = json.loads(line)
            script = "\n".join(body["Parameters"]["commands"]).encode()
            for instance in body["InstanceIds"]:
                file.write(f"{instance} {len(script)}\n".encode() + script)
