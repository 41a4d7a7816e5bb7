"""The paths of the synchronous machine, with the real functions."""

from collections.abc import Iterator

import pytest

from local.fleet.faults import DEFECT
from local.vyos.defects import GRAMMAR

from .conftest import Tell
from .network import PaperNetwork, PaperRun

MACHINE = "synchronous"
PHASES = ["phase1", "phase2", "phase3"]
REFUSING = {"host_environment": {"nv-branch": {DEFECT: GRAMMAR}}}
PASSING = ["Lambda.ServiceException", "Lambda.AWSLambdaException"]
LASTING = ["Lambda.ServiceException"] * 3
NO_OBJECT = 'the input must be a JSON object, such as {} or {"start_at": "phase2"}, and not '


def counts(run: PaperRun) -> list[int]:
    end = run.ended()
    assert end["status"] == "SUCCEEDED", end
    return [run.output[f"{phase}_result"]["success_count"] for phase in PHASES if f"{phase}_result" in run.output]


@pytest.fixture(autouse=True)
def afterwards_all_is_well(network: PaperNetwork) -> Iterator[None]:
    yield
    network.suffer()


class TestStopping:
    """Where a router that failed stops it."""

    @pytest.fixture(scope="class", autouse=True)
    def applied(self, network: PaperNetwork) -> None:
        network.apply()

    def test_success(self, network: PaperNetwork, tell: Tell) -> None:
        assert counts(network.start()) == [4, 4, 4]
        tell("success", MACHINE, "SUCCEEDED", "four routers, phases 1 to 3")

    def test_start_at(self, network: PaperNetwork, tell: Tell) -> None:
        for number, phase in enumerate(PHASES):
            run = network.start(start_at=phase)
            assert counts(run) == [4] * (3 - number) and run.phases == PHASES[number:]
        tell("start_at", MACHINE, "SUCCEEDED", "phase1, phase2 and phase3; none before it is entered")

    @pytest.mark.parametrize("given", ["{}", '{"start_at": null}'])
    def test_an_input_without_a_start(self, network: PaperNetwork, tell: Tell, given: str) -> None:
        run = network.start(text=given)
        assert counts(run) == [4, 4, 4] and run.phases == PHASES
        tell(f"input {given}", MACHINE, "SUCCEEDED", "begins with phase 1")

    @pytest.mark.parametrize("given, cause", [
        ('{"start_at": "phase4"}', 'start_at: "phase4" is none of phase1, phase2, phase3'),
        ('{"progress": {"phase": "phase1"}}', "progress: the state machine itself sets this; leave it out of the input"),
        *((text, NO_OBJECT + text) for text in ("[]", "7", "null", "true"))])
    def test_an_input_that_can_not_be(self, network: PaperNetwork, tell: Tell, given: str, cause: str) -> None:
        run = network.start(text=given)
        end = run.ended()
        assert (end["status"], end["error"], end["cause"]) == ("FAILED", "Input.Invalid", cause) and run.phases == []
        tell(f"input {given}", MACHINE, "FAILED, Input.Invalid with words", "refused in the first state, no function is called")

    def test_a_router_that_failed_stops_it(self, network: PaperNetwork, tell: Tell) -> None:
        network.suffer(**REFUSING)
        run = network.start()
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed")
        assert "3 of 4 routers succeeded; nv-branch" in end["cause"] and "refused" in end["cause"]
        assert run.phases == PHASES[:2] and run.states[-1] == "Failed"
        tell("partial, on_partial_failure = stop", MACHINE, "FAILED, names the router and why",
             "one router's VyOS refuses a line in phase 2")

    def test_what_passes_is_tried_again(self, network: PaperNetwork, tell: Tell) -> None:
        run = network.start(interference={"refuse": {"phase2": PASSING}})
        assert counts(run) == [4, 4, 4] and run.errors == PASSING
        tell("retry", MACHINE, "SUCCEEDED", "Lambda answers phase 2 with two service errors, then invokes it")

    def test_what_lasts_ends_it(self, network: PaperNetwork, tell: Tell) -> None:
        run = network.start(interference={"refuse": {"phase2": LASTING}})
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Lambda.ServiceException") and run.errors == LASTING
        assert "on purpose" in end["cause"] and run.phases == PHASES[:2] and run.states[-1] == "Failed"
        assert end["cause"].startswith("phase2: ")
        tell("catch", MACHINE, "FAILED with error and cause", "Lambda answers phase 2 with a service error three times")

    def test_what_the_function_says_ends_it(self, network: PaperNetwork, tell: Tell) -> None:
        run = network.start(instances=["nobody"])
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Event.Invalid") and run.errors == ["Event.Invalid"]
        assert 'names \\"nobody\\"' in end["cause"] and run.states[-1] == "Failed"
        tell("the function's own error", MACHINE, "FAILED, not retried", "an unknown router in `instances`")


class TestGoingOn:
    """Where a router that failed in phase 1 or 2 does not."""

    @pytest.fixture(scope="class", autouse=True)
    def applied(self, network: PaperNetwork) -> None:
        network.apply(on_partial_failure="continue")

    def test_the_others_go_on(self, network: PaperNetwork, tell: Tell) -> None:
        network.suffer(**REFUSING)
        run = network.start()
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed") and run.phases == PHASES
        assert "phase3: " in end["cause"] and "2 of 4 routers succeeded" in end["cause"]
        assert "nv-hub" in end["cause"] and "nv-branch" in end["cause"] and "fra-" not in end["cause"]
        tell("partial, on_partial_failure = continue", MACHINE, "FAILED after phase 3, which finds the other pair healthy",
             "one router's VyOS refuses a line in phase 2")
