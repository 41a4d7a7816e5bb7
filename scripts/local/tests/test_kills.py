"""A function may die at any moment: Step Functions tries again, and no router gets a command twice."""

import json
import os
from collections import Counter
from typing import Any, Iterator

import pytest

from local.interference import AFTER, BEFORE, KILLS
from local.processes import Daemons

from .paper_network import ROUTERS, PaperNetwork, PaperRun

PHASES = ("phase1", "phase2", "phase3")
# Kills that are tried at the same time.
AT_ONCE = 4
# Seconds by which the history lags; the functions look for ten.
LAG = {BEFORE: 0, AFTER: 7}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperNetwork]:
    daemons, saved = Daemons(), dict(os.environ)
    try:
        network = PaperNetwork(tmp_path_factory.mktemp("kills"), daemons)
        network.apply(orchestration="polling", phase1_recreate="never", phase2_wait_seconds=120)
        yield network
    finally:
        daemons.stop()
        os.environ.clear()
        os.environ.update(saved)


def kills(network: PaperNetwork, run: PaperRun) -> list[dict[str, Any]]:
    file = network.folder / KILLS
    written = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [kill for kill in written if kill["id"] == run.id]


def test_whenever_a_function_dies_every_router_gets_its_commands_once(
    network: PaperNetwork, record_property: Any
) -> None:
    once = Counter({(phase, router): 1 for phase in PHASES for router in ROUTERS})
    healthy = network.start()
    assert healthy.ended()["status"] == "SUCCEEDED", healthy.ended()
    assert healthy.commands() == once

    met: Counter[tuple[str, str, str, str]] = Counter()
    first = 1
    while True:
        # The routers are as they are to be by now, so executions at the same time don't disturb one another.
        runs = {(call, moment): network.start(interference={"kill": {"call": call, "moment": moment}, "lag": LAG[moment]})
                for call in range(first, first + AT_ONCE) for moment in LAG}
        for which, run in runs.items():
            assert run.ended()["status"] == "SUCCEEDED", (which, run.ended(), kills(network, run))
            assert run.commands() == once, (which, kills(network, run))
            met.update((k["phase"], k["action"], k["moment"], k["operation"]) for k in kills(network, run))
        if not any(kills(network, runs[first + AT_ONCE - 1, moment]) for moment in LAG):
            break
        first += AT_ONCE

    for moment in LAG:
        for phase in PHASES:
            died_at = {action: {o for p, a, m, o in met if (p, a, m) == (phase, action, moment)} for action in ("start", "check")}
            assert {"GetParametersByPath", "SendCommand"} <= died_at["start"] and "GetCommandInvocation" in died_at["check"]
        count = sum(number for key, number in met.items() if key[2] == moment)
        record_property("paths", (f"function killed {moment} a call is done", "polling", "SUCCEEDED, one command per router and phase",
                                  f"{count} kills, at each call of each step's function; ListCommands lags {LAG[moment]} s"))
