"""What the server may say to a POST, and how the runtime goes on."""

from __future__ import annotations

from .scenario import GOES_ON, Scenario, Stage

EVENTS = {"response": "echo", "error": "throw it"}
ENDS = {400: GOES_ON, 403: GOES_ON, 413: GOES_ON, 500: "exit 1"}


def refuse(kind: str, status: int):
    def play(stage: Stage) -> None:
        stage.runtime.refusals[kind] = status
        stage.start()
        stage.handing_out(EVENTS[kind])
        stage.wait_for_call(kind)
        if ENDS[status] == GOES_ON:
            # After the refused error report nothing can be said about that event any more.
            if (kind, status) == ("error", 413):
                stage.runtime.give_up()
            stage.runtime.wait_parked()
    return play


def seen(kind: str, status: int) -> tuple[str, ...]:
    """A result that is too large is followed by an error report; after a server error nothing is asked for."""
    report = ("error 202",) if (kind, status) == ("response", 413) else ()
    return ("next 200", f"{kind} {status}", *report) + (("next -",) if ENDS[status] == GOES_ON else ())


def refuse_init_error(status: int):
    def play(stage: Stage) -> None:
        stage.runtime.refusals["init/error"] = status
        stage.start(CONFORMANCE_INIT_ERROR="no good")
    return play


def init_error(stage: Stage) -> None:
    stage.start(CONFORMANCE_INIT_ERROR="no good")
    report = stage.runtime.wait_init_error()
    assert report.headers["Lambda-Runtime-Function-Error-Type"] == "Runtime.ConfigurationInvalid"


REFUSALS = [
    *(Scenario(f"{status} on /{kind}", f"answers /{kind} with {status}", refuse(kind, status), seen(kind, status),
               ENDS[status]) for kind in EVENTS for status in ENDS),
    Scenario("init error", "takes the report of a function that can't start", init_error, ("init/error 202",), "exit 1"),
    *(Scenario(f"{status} on /init/error", f"answers /init/error with {status}", refuse_init_error(status),
               (f"init/error {status}",), "exit 1") for status in ENDS),
]
