"""What is measured, and how often. Every case gives figures by participant: {participant: {figure: [values]}}."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import fleet
from runs import Function, Lab, SystemsManager, calls

Figures = dict[str, dict[str, list[float]]]
PHASES = ("phase1", "phase2", "phase3")
PHASE_FIGURES = ("response_ms", "cpu_ms", "rss_mb", "calls_per_instance", "sent_kb", "largest_kb")
TOPOLOGY = "SDWAN_TOPOLOGY"
# Bytes of an environment's variable, its name included, that the kernel takes; what is larger comes from S3.
LARGEST_VARIABLE = (128 << 10) - 32
REALISTIC_DELAY_MS, SHORTEST, LONGEST, POLL = 30, 5.0, 60.0, 15.0


def gather(figures: Figures, name: str, values: dict[str, float], wanted: Iterable[str]) -> None:
    for figure in wanted:
        figures.setdefault(name, defaultdict(list))[figure].append(values[figure])


def kilobytes(count: int) -> bytes:
    """A JSON text of that size."""
    return b'"' + b"x" * (count * 1024 - 2) + b'"'


def start(lab: Lab, functions: list[Function], rounds: int) -> Figures:
    """A new process for every invocation of 1 KB."""
    figures: Figures = {}
    event = kilobytes(1)
    for function in functions:
        lab.run(function, event, 1)  # the page cache, and Python's compiled files
    for _ in range(rounds):
        for function in functions:
            gather(figures, function.name, lab.run(function, event, 1), ("next_ms", "response_ms", "cpu_ms", "rss_mb"))
    return figures


def warm(lab: Lab, functions: list[Function], size: int, invocations: int, rounds: int) -> Figures:
    figures: Figures = {}
    event = kilobytes(size // 1024)
    for _ in range(rounds):
        for function in functions:
            values = lab.run(function, event, invocations)
            if values["errors"] or lab.result() != event:
                raise RuntimeError(f"{function.name} did not give the event back")
            gather(figures, function.name, values, ("warm_cpu_us", "warm_us"))
    return figures


def phases(lab: Lab, functions: dict[str, list[Function]], routers: int, rounds: int) -> Figures:
    """All phases over a fleet whose Systems Manager answers at once; `functions` by the phase whose work they do."""
    figures: Figures = {}
    for phase in functions:
        fleet_file, environment = prepared(lab, phase, routers)
        with SystemsManager(lab, fleet_file, 0) as ssm:
            for number in range(rounds + 1):
                for function in functions[phase]:
                    values = phase_run(lab, function, ssm, routers, **environment)
                    if number:  # the first one warms up
                        gather(figures, function.name, values, PHASE_FIGURES)
    return figures


def prepared(lab: Lab, phase: str, routers: int) -> tuple[Path, dict[str, str]]:
    """The file of a fleet whose commands end at once, and the environment that says what the network is."""
    network, environment = network_of(routers)
    fleet_file = lab.work / f"{phase}-{routers}.tsv"
    fleet.write(fleet_file, network, phase, [0.0] * routers)
    if len(environment.get(TOPOLOGY, "")) > LARGEST_VARIABLE:
        fleet_file.with_name(fleet_file.name + ".topology.json").write_text(environment[TOPOLOGY])
        environment = {TOPOLOGY: "s3://bench/topology.json"}
    return fleet_file, environment | {"SSM_POLL_INTERVAL": "0.01"}


def realistic(lab: Lab, function: Function, routers: int, scale: float, rounds: int) -> dict[str, list[float]]:
    """Calls that take 30 ms, commands that take 5 to 60 s, scaled; `excess` counts from discovery's end."""
    figures: Figures = {}
    network, environment = network_of(routers)
    fleet_file = lab.work / f"realistic-{function.name}-{routers}.tsv"
    fleet.write(fleet_file, network, function.name, fleet.durations(max(routers, 4), SHORTEST * scale, LONGEST * scale))
    with SystemsManager(lab, fleet_file, REALISTIC_DELAY_MS) as ssm:
        for _ in range(rounds):
            values = phase_run(lab, function, ssm, routers, SSM_POLL_INTERVAL=str(POLL * scale), **environment)
            discovery = values["discovered_at"] - values["begun_at"]
            values["discovery_ratio"] = discovery / (values["GetParametersByPath"] * REALISTIC_DELAY_MS / 1000)
            values["after_discovery_s"] = values["responded_at"] - values["discovered_at"]
            values["excess_s"] = values["after_discovery_s"] - LONGEST * scale
            gather(figures, function.name, values,
                    ("discovery_ratio", "after_discovery_s", "excess_s", "cpu_ms", "rss_mb", "calls_per_instance"))
    return figures[function.name]


def network_of(routers: int) -> tuple[list, dict[str, str]]:
    if routers <= 4:
        return fleet.standard(), {}
    network = fleet.pairs(routers // 2)
    return network, {"SDWAN_TOPOLOGY": fleet.topology(network)}


def phase_environment(ssm: SystemsManager) -> dict[str, str]:
    return {"AWS_ENDPOINT_URL": ssm.url, "SSM_PARAM_PREFIX": "/sdwan/", "SSM_TIMEOUT": "600", "SDWAN_VERIFY_TIMEOUT": "0"}


def phase_run(lab: Lab, function: Function, ssm: SystemsManager, routers: int, **environment: str) -> dict[str, float]:
    ssm.reset()
    event = b'{"instances": ["nv-sdwan"]}' if routers == 1 else b"{}"
    values = lab.run(function, event, 1, **phase_environment(ssm), **environment)
    check(lab, function, routers, values)
    stats = ssm.stats()
    return values | stats | {"calls_per_instance": calls(stats) / routers, "sent_kb": stats["received"] / 1000,
                             "largest_kb": stats["largest_command"] / 1000}


def check(lab: Lab, function: Function, routers: int, values: dict[str, float]) -> None:
    """Raises unless it was a success for all routers."""
    result = json.loads(lab.result())
    if values["errors"] or result.get("success_count") != routers:
        raise RuntimeError(f"{function.name} over {routers} routers: {json.dumps(result)[:1000]}")
