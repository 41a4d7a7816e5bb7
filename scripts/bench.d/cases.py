"""What is measured, and how often. Every case gives figures by participant: {participant: {figure: [values]}}."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable

import fleet
from runs import Function, Lab, SystemsManager, calls

Figures = dict[str, dict[str, list[float]]]
PHASES = ("phase1", "phase2", "phase3")
REALISTIC_DELAY_MS, SHORTEST, LONGEST, POLL = 30, 5.0, 60.0, 15.0


def _gather(figures: Figures, name: str, values: dict[str, float], wanted: Iterable[str]) -> None:
    for figure in wanted:
        figures.setdefault(name, defaultdict(list))[figure].append(values[figure])


def start(lab: Lab, functions: list[Function], rounds: int) -> Figures:
    """A new process for every invocation of 1 KB."""
    figures: Figures = {}
    event = b'"' + b"x" * 1022 + b'"'
    for function in functions:
        lab.run(function, event, 1)  # the page cache, and Python's compiled files
    for _ in range(rounds):
        for function in functions:
            _gather(figures, function.name, lab.run(function, event, 1), ("next_ms", "response_ms", "cpu_ms", "rss_mb"))
    return figures


def warm(lab: Lab, functions: list[Function], size: int, invocations: int, rounds: int) -> Figures:
    figures: Figures = {}
    event = b'"' + b"x" * (size - 2) + b'"'
    for _ in range(rounds):
        for function in functions:
            values = lab.run(function, event, invocations)
            if values["errors"] or lab.result() != event:
                raise RuntimeError(f"{function.name} did not give the event back")
            _gather(figures, function.name, values, ("warm_cpu_us", "warm_us"))
    return figures


def phases(lab: Lab, functions: dict[str, list[Function]], routers: int, rounds: int) -> Figures:
    """All phases over a fleet whose Systems Manager answers at once; `functions` by the phase whose work they do."""
    figures: Figures = {}
    network, environment = _network(routers)
    for phase in functions:
        fleet_file = lab.work / f"{phase}-{routers}.tsv"
        fleet.write(fleet_file, network, phase, [0.0] * routers)
        with SystemsManager(lab, fleet_file, 0) as ssm:
            for number in range(rounds + 1):
                for function in functions[phase]:
                    values = _phase_run(lab, function, ssm, routers, SSM_POLL_INTERVAL="0.01", **environment)
                    if number:  # the first one warms up
                        _gather(figures, function.name, values, ("response_ms", "cpu_ms", "rss_mb", "calls_per_instance"))
    return figures


def realistic(lab: Lab, function: Function, routers: int, scale: float, rounds: int) -> dict[str, list[float]]:
    """Calls that take 30 ms, commands that take 5 to 60 s, scaled; `excess` counts from discovery's end."""
    figures: Figures = {}
    network, environment = _network(routers)
    fleet_file = lab.work / f"realistic-{function.name}-{routers}.tsv"
    fleet.write(fleet_file, network, function.name, fleet.durations(max(routers, 4), SHORTEST * scale, LONGEST * scale))
    with SystemsManager(lab, fleet_file, REALISTIC_DELAY_MS) as ssm:
        for _ in range(rounds):
            values = _phase_run(lab, function, ssm, routers, SSM_POLL_INTERVAL=str(POLL * scale), **environment)
            discovery = values["discovered_at"] - values["begun_at"]
            values["discovery_ratio"] = discovery / (values["GetParametersByPath"] * REALISTIC_DELAY_MS / 1000)
            values["after_discovery_s"] = values["responded_at"] - values["discovered_at"]
            values["excess_s"] = values["after_discovery_s"] - LONGEST * scale
            _gather(figures, function.name, values,
                    ("discovery_ratio", "after_discovery_s", "excess_s", "cpu_ms", "rss_mb", "calls_per_instance"))
    return figures[function.name]


def _network(routers: int) -> tuple[list, dict[str, str]]:
    if routers <= 4:
        return fleet.standard(), {}
    network = fleet.pairs(routers // 2)
    return network, {"SDWAN_TOPOLOGY": fleet.topology(network)}


def _phase_run(lab: Lab, function: Function, ssm: SystemsManager, routers: int, **environment: str) -> dict[str, float]:
    ssm.reset()
    event = b'{"instances": ["nv-sdwan"]}' if routers == 1 else b"{}"
    values = lab.run(function, event, 1, AWS_ENDPOINT_URL=ssm.url, SSM_PARAM_PREFIX="/sdwan/", SSM_TIMEOUT="600",
                     SDWAN_VERIFY_TIMEOUT="0", **environment)
    result = json.loads(lab.result())
    if values["errors"] or result.get("success_count") != routers:
        raise RuntimeError(f"{function.name} over {routers} routers: {json.dumps(result)[:1000]}")
    stats = ssm.stats()
    return values | stats | {"calls_per_instance": calls(stats) / routers}


def ceilings(lab: Lab, requests: int) -> dict[str, float]:
    """What the benchmark's own servers give at most, on one connection, in a second."""
    fleet_file = lab.work / "ceiling.tsv"
    fleet.write(fleet_file, fleet.standard(), "phase2", [0.0] * 4)
    body = json.dumps({"Path": "/sdwan", "MaxResults": 10, "Recursive": True})
    request = lab.work / "ceiling.request"
    request.write_text(
        f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSSM.GetParametersByPath\r\nAuthorization: AWS4-HMAC-SHA256 "
        f"Credential=A/20260101/us-east-1/ssm/aws4_request\r\nContent-Length: {len(body)}\r\n\r\n{body}")
    with SystemsManager(lab, fleet_file, 0) as ssm:
        done = subprocess.run([lab.tool("load"), str(ssm.port), str(requests), request], stdout=subprocess.PIPE, check=True)
    echo = lab.run(Function("socket", (lab.tool("echo-socket"),)), b'"x"', requests)
    return {"Systems Manager, calls per second": float(done.stdout), "Runtime API, invocations per second": 1e6 / echo["warm_us"]}
