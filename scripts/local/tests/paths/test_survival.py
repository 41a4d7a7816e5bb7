"""A function may die at any moment: Step Functions tries again, and no router gets a command twice."""

import json
from collections import Counter
from typing import Any

import pytest

from local.emulators.interference import AFTER, BEFORE, KILLS

from .conftest import Tell
from .network import EARLIER, ROUTERS, PaperNetwork, PaperRun

PHASES = ("phase1", "phase2", "phase3")
# Kills that are tried at the same time.
AT_ONCE = 8
# Seconds by which the history lags; the functions look for ten.
LAG = {BEFORE: 0, AFTER: 7}


@pytest.fixture(scope="module", autouse=True)
def applied(network: PaperNetwork) -> None:
    network.apply(**EARLIER)


def kills(network: PaperNetwork, run: PaperRun) -> list[dict[str, Any]]:
    file = network.folder / KILLS
    written = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [kill for kill in written if kill["id"] == run.id]


def test_whenever_a_function_dies_every_router_gets_its_commands_once(network: PaperNetwork, tell: Tell) -> None:
    once = Counter({(phase, router): 1 for phase in PHASES for router in ROUTERS})
    healthy = network.start()
    assert healthy.ended()["status"] == "SUCCEEDED", healthy.ended()
    assert healthy.commands() == once

    met: Counter[tuple[str, str, str, str]] = Counter()
    first = 1
    while True:
        # The routers are as they are to be by now, so executions at the same time don't disturb one another.
        runs = {(call, moment): network.start(recreate="never", interference={"kill": {"call": call, "moment": moment}, "lag": LAG[moment]})
                for call in range(first, first + AT_ONCE) for moment in LAG}
        for which, run in runs.items():
            assert run.ended()["status"] == "SUCCEEDED", (which, run.ended(), kills(network, run))
            assert run.commands() == once, (which, run.commands(), kills(network, run))
            met.update((k["phase"], k["action"], k["moment"], k["operation"]) for k in kills(network, run))
        if not any(kills(network, runs[first + AT_ONCE - 1, moment]) for moment in LAG):
            break
        first += AT_ONCE

    for moment in LAG:
        for phase in PHASES:
            died_at = {action: {o for p, a, m, o in met if (p, a, m) == (phase, action, moment)} for action in ("start", "check")}
            assert {"GetParametersByPath", "SendCommand"} <= died_at["start"] and "ListCommandInvocations" in died_at["check"]
        count = sum(number for key, number in met.items() if key[2] == moment)
        tell(f"function killed {moment} a call is done", "rollout", "SUCCEEDED, one command per router and phase",
             f"{count} kills, at every call of every step's function; the lists lag {LAG[moment]} s")
