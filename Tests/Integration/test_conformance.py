"""The runtime against every scenario that AWS's own server can put it into."""

from __future__ import annotations

import pytest
from conformance import SCENARIOS
from conformance.scenario import GOES_ON, Scenario, Stage
from harness import Lab


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_scenario(lab: Lab, record_property, scenario: Scenario) -> None:
    sees = ", ".join(scenario.sees)
    record_property("conformance", (scenario.name, scenario.server, sees, scenario.ends))
    stage = Stage(lab)
    scenario.play(stage)
    assert stage.end(scenario.ends) == scenario.ends, stage.bootstrap.logs()[-5:]
    assert stage.seen() == scenario.sees
    if scenario.ends == GOES_ON:
        assert stage.invoke("echo still there").result.body == b"echo still there"
