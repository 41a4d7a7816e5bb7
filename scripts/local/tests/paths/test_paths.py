"""The paths of the synchronous and of the polling machine, with the real functions."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from local.fleet.faults import DEFECT
from local.vyos.defects import GRAMMAR

from .conftest import Tell
from .network import ROUTERS, PaperNetwork, PaperRun

PHASES = ["phase1", "phase2", "phase3"]
REFUSING = {"host_environment": {"nv-branch": {DEFECT: GRAMMAR}}}
PASSING = ["Lambda.ServiceException", "Lambda.AWSLambdaException"]
LASTING = ["Lambda.ServiceException"] * 3
SHORTEST_TIMEOUT = 30
NO_OBJECT = 'the input must be a JSON object, such as {} or {"start_at": "phase2"}, and not '


def counts(run: PaperRun) -> list[int]:
    end = run.ended()
    assert end["status"] == "SUCCEEDED", end
    return [run.output[f"{phase}_result"]["success_count"] for phase in PHASES if f"{phase}_result" in run.output]


class Paths:
    """What the paths of one machine have in common."""

    VARIABLES: ClassVar[dict[str, Any]]

    @property
    def machine(self) -> str:
        return self.VARIABLES["orchestration"]

    @pytest.fixture(scope="class", autouse=True)
    def applied(self, request: pytest.FixtureRequest, network: PaperNetwork) -> None:
        network.apply(**request.cls.VARIABLES)

    @pytest.fixture(autouse=True)
    def afterwards_all_is_well(self, network: PaperNetwork) -> Iterator[None]:
        yield
        network.suffer()


class Stopping(Paths):
    """Both machines, where a router that failed stops them."""

    # Where an error that lasts leaves the execution.
    LAST: ClassVar[dict[str, str]]

    def test_success(self, network: PaperNetwork, tell: Tell) -> None:
        assert counts(network.start()) == [4, 4, 4]
        tell("success", self.machine, "SUCCEEDED", "four routers, phases 1 to 3")

    def test_start_at(self, network: PaperNetwork, tell: Tell) -> None:
        for number, phase in enumerate(PHASES):
            run = network.start(start_at=phase)
            assert counts(run) == [4] * (3 - number) and run.phases == PHASES[number:]
        tell("start_at", self.machine, "SUCCEEDED", "phase1, phase2 and phase3; none before it is entered")

    @pytest.mark.parametrize("given", ["{}", '{"start_at": null}'])
    def test_an_input_without_a_start(self, network: PaperNetwork, tell: Tell, given: str) -> None:
        run = network.start(text=given)
        assert counts(run) == [4, 4, 4] and run.phases == PHASES
        tell(f"input {given}", self.machine, "SUCCEEDED", "begins with phase 1")

    @pytest.mark.parametrize("given, cause", [
        ('{"start_at": "phase4"}', 'start_at: "phase4" is none of phase1, phase2, phase3'),
        ('{"progress": {"phase": "phase1"}}', "progress: the state machine itself sets this; leave it out of the input"),
        *((text, NO_OBJECT + text) for text in ("[]", "7", "null", "true"))])
    def test_an_input_that_can_not_be(self, network: PaperNetwork, tell: Tell, given: str, cause: str) -> None:
        run = network.start(text=given)
        end = run.ended()
        assert (end["status"], end["error"], end["cause"]) == ("FAILED", "Input.Invalid", cause) and run.phases == []
        tell(f"input {given}", self.machine, "FAILED, Input.Invalid with words", "refused in the first state, no function is called")

    def test_a_router_that_failed_stops_it(self, network: PaperNetwork, tell: Tell) -> None:
        network.suffer(**REFUSING)
        run = network.start()
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed")
        assert "3 of 4 routers succeeded; nv-branch" in end["cause"] and "refused" in end["cause"]
        assert run.phases == PHASES[:2] and run.states[-1] == self.LAST["routers"]
        tell("partial, on_partial_failure = stop", self.machine, f"FAILED in {self.LAST['routers']}, names the router and why",
             "one router's VyOS refuses a line in phase 2")

    def test_what_passes_is_tried_again(self, network: PaperNetwork, tell: Tell) -> None:
        run = network.start(interference={"refuse": {"phase2": PASSING}})
        assert counts(run) == [4, 4, 4] and run.errors == PASSING
        tell("retry", self.machine, "SUCCEEDED", "Lambda answers phase 2 with two service errors, then invokes it")

    def test_what_lasts_ends_it(self, network: PaperNetwork, tell: Tell) -> None:
        run = network.start(interference={"refuse": {"phase2": LASTING}})
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Lambda.ServiceException") and run.errors == LASTING
        assert "on purpose" in end["cause"] and run.phases == PHASES[:2] and run.states[-1] == self.LAST["error"]
        assert self.machine == "polling" or end["cause"].startswith("phase2: ")
        tell("catch" if self.machine == "synchronous" else "uncaught, for a redrive", self.machine,
             f"FAILED in {self.LAST['error']}, with error and cause", "Lambda answers phase 2 with a service error three times")

    def test_what_the_function_says_ends_it(self, network: PaperNetwork, tell: Tell) -> None:
        run = network.start(instances=["nobody"])
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Event.Invalid") and run.errors == ["Event.Invalid"]
        assert 'names \\"nobody\\"' in end["cause"] and run.states[-1] == self.LAST["event"]
        tell("the function's own error", self.machine, f"FAILED in {self.LAST['event']}, not retried", "an unknown router in `instances`")


class GoingOn(Paths):
    """Both machines, where a router that failed in phase 1 or 2 does not stop them."""

    def test_the_others_go_on(self, network: PaperNetwork, tell: Tell) -> None:
        network.suffer(**REFUSING)
        run = network.start()
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed") and run.phases == PHASES
        assert "phase3: " in end["cause"] and "2 of 4 routers succeeded" in end["cause"]
        assert "nv-hub" in end["cause"] and "nv-branch" in end["cause"] and "fra-" not in end["cause"]
        tell("partial, on_partial_failure = continue", self.machine, "FAILED after phase 3, which finds the other pair healthy",
             "one router's VyOS refuses a line in phase 2")


class TestSynchronous(Stopping):
    VARIABLES: ClassVar = {"orchestration": "synchronous"}
    LAST: ClassVar = {"routers": "Failed", "error": "Failed", "event": "Failed"}


class TestSynchronousGoingOn(GoingOn):
    VARIABLES: ClassVar = {"orchestration": "synchronous", "on_partial_failure": "continue"}


class TestPolling(Stopping):
    VARIABLES: ClassVar = {"orchestration": "polling", "phase_timeouts": {"phase1": SHORTEST_TIMEOUT}}
    LAST: ClassVar = {"routers": "Phase2RoutersFailed", "error": "Phase2", "event": "Phase1"}

    @pytest.fixture(scope="class", autouse=True)
    def hanging(self, applied: None, network: PaperNetwork) -> PaperRun:
        """An execution that is to meet its timeout, while the other tests run."""
        network.suffer(hanging={"nv-branch": "phase1"})
        run = network.start(instances=["nv-branch", "nv-hub"])
        run.until(lambda: ("phase1", "nv-branch") in network.seen(run, "start") or None)
        network.suffer()
        return run

    def test_what_is_stopped_has_its_commands_cancelled(self, network: PaperNetwork, tell: Tell) -> None:
        hanging = [("phase2", "fra-branch"), ("phase2", "fra-hub")]
        network.suffer(hanging={router: phase for phase, router in hanging})
        run = network.start()
        run.until(lambda: len([s for s in network.seen(run, "start") if s[0] == "phase2"]) == len(ROUTERS) or None)
        run.until(lambda: len([s for s in network.seen(run, "Success") if s[0] == "phase2"]) == 2 or None)
        network.client.stop_execution(executionArn=run.arn)
        run.until(lambda: network.seen(run, "Cancelled") == hanging or None)
        assert run.ended()["status"] == "ABORTED" and run.phases == PHASES[:2]
        tell("stop", self.machine, "ABORTED; the two running commands end as Cancelled on their hosts",
             "stop-execution while two of four hosts never end phase 2; the rule on the status calls phase 1 with cancel")

    def test_a_phase_that_takes_too_long_is_ended(self, network: PaperNetwork, hanging: PaperRun, tell: Tell) -> None:
        end = hanging.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed")
        assert f"nv-branch: the phase had not ended after {SHORTEST_TIMEOUT} s" in end["cause"] and "1 of 2" in end["cause"]
        hanging.until(lambda: network.seen(hanging, "Cancelled") == [("phase1", "nv-branch")] or None)
        tell("timeout", self.machine, "FAILED: TimedOut, its command is cancelled on the host",
             f"a host never ends phase 1, phase_timeouts = {SHORTEST_TIMEOUT} s")


class TestPollingGoingOn(GoingOn):
    VARIABLES: ClassVar = {"orchestration": "polling", "on_partial_failure": "continue"}
