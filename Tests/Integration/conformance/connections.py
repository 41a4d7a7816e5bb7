"""Connections that die: in a frozen sandbox, with the server, or between two requests."""

from __future__ import annotations

from pathlib import Path

from fakes.server import Answer

from .scenario import Scenario, Stage

KEEPALIVE_TIMER = "02"


def thaw_after(end: Answer, served_before: bool):
    """Frozen while it waits in /next; meanwhile the connection ends; an event comes when it wakes up."""
    def play(stage: Stage) -> None:
        stage.start()
        if served_before:
            stage.invoke()
        stage.runtime.wait_parked()
        stage.freeze()
        stage.runtime.end_parked(end)
        event = stage.runtime.invoke("echo after the thaw")
        stage.thaw()
        assert event.wait().result.body == b"echo after the thaw"
    return play


def dropped_silently(stage: Stage) -> None:
    """Nobody tells the runtime: it must not give up nor ask twice, and the kernel's probes must watch the peer."""
    stage.start_parked()
    assert KEEPALIVE_TIMER in _timers(stage.bootstrap.process.pid, stage.runtime.port)
    stage.freeze()
    stage.thaw()
    stage.bootstrap.terminate()


def _timers(pid: int, port: int) -> list[str]:
    """The timers of the process's connections to that port (proc(5): /proc/net/tcp, column `tr`)."""
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return [row[5].split(":")[0] for row in rows if int(row[2].split(":")[1], 16) == port]


def cut_forever(stage: Stage) -> None:
    stage.start_parked()
    for _ in range(2):
        stage.runtime.wait_parked()
        stage.runtime.end_parked(Answer(reset=True))


def cut_in_the_event(stage: Stage) -> None:
    stage.start()
    stage.handing_out("echo " + "x" * 1000, cut=500)


def hang_up_after_answers(stage: Stage) -> None:
    stage.runtime.hang_up_after_answer = True
    stage.start()
    for _ in range(3):
        stage.invoke()


def reset_reused(stage: Stage) -> None:
    stage.start_parked()
    stage.runtime.reset_reused = 1
    stage.invoke()
    assert stage.runtime.reset_reused == 0


def restart_while_parked(stage: Stage) -> None:
    stage.start()
    stage.invoke()
    stage.runtime.wait_parked()
    stage.freeze()
    stage.restart_server()
    stage.thaw()
    stage.invoke()


def restart_while_running(stage: Stage) -> None:
    stage.start(AWS_LAMBDA_LOG_LEVEL="DEBUG")
    stage.handing_out("busy 0.3")
    stage.wait_until_begun()
    stage.freeze()
    stage.restart_server()
    stage.thaw()
    stage.wait_for_call("response")


def gone(stage: Stage) -> None:
    stage.start_parked()
    stage.runtime.stop()
    stage.bootstrap.wait()
    assert any("can't be reached" in line for line in stage.bootstrap.logs())


RST, FIN = Answer(reset=True), Answer(leave=True)
SERVED = ("next 200", "response 202")
CONNECTIONS = [
    Scenario("thaw: RST, first /next", "resets the parked connection of a frozen sandbox that served nothing yet",
             thaw_after(RST, False), ("next -", *SERVED, "next -")),
    Scenario("thaw: FIN, first /next", "closes it", thaw_after(FIN, False), ("next -", *SERVED, "next -")),
    Scenario("thaw: RST", "resets the parked connection after an event was served",
             thaw_after(RST, True), (*SERVED, "next -", *SERVED, "next -")),
    Scenario("thaw: FIN", "closes it", thaw_after(FIN, True), (*SERVED, "next -", *SERVED, "next -")),
    Scenario("thaw: silence", "is gone without a word", dropped_silently, ("next -",), "exit 0"),
    Scenario("/next always cut", "resets whatever waits in /next", cut_forever, ("next -", "next -"), "exit 1"),
    Scenario("event cut", "breaks off in the event", cut_in_the_event, ("next 200",), "exit 1"),
    Scenario("unannounced close", "closes the connection after every answer",
             hang_up_after_answers, (*SERVED, *SERVED, *SERVED, "next -")),
    Scenario("dead connection", "resets the connection on which the result comes", reset_reused, (*SERVED, "next -")),
    Scenario("restart, parked", "is restarted while the sandbox is frozen in /next",
             restart_while_parked, (*SERVED, "next -", *SERVED, "next -")),
    Scenario("restart, running", "is restarted while an event is handled, and knows nothing of it",
             restart_while_running, ("next 200", "response 403", "next -")),
    Scenario("server gone", "is stopped for good", gone, ("next -",), "exit 1"),
]
