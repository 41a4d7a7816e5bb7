"""One cell: a phase with one router, and a fault that hits one of its calls."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from certificates import authority
from fakes.faults import Fault
from fakes.host import Sandbox, router_host
from fakes.router import Texts
from fakes.run_command import Outcome
from fakes.ssm import Call
from harness import Lab, check_report
from network import ROUTERS, populate

from . import rules
from .rules import ATTEMPTS, PAUSE, TIMEOUT
from .troubles import ALWAYS, CANCEL, FIRST, ONCE, POLL, SEND, Trouble

ROUTER = ROUTERS["nv-sdwan"]
PLENTY = 60
PATIENCE = 150


@dataclass(frozen=True)
class Seen:
    outcome: str
    calls: int
    commands: int
    words: str
    command_ids: tuple[str, str]  # told, and true


@dataclass(frozen=True)
class Cell:
    trouble: Trouble
    operation: str
    times: str
    phase: str

    def __str__(self) -> str:
        return f"{self.trouble.name}-{self.operation}-{self.times}-{self.phase}"

    def play(self, task_roots: dict[str, Path], folder: Path) -> Seen:
        lab = Lab(task_roots, folder)
        try:
            populate(lab.ssm, ROUTERS)
            environment = self._break(lab)
            self._furnish(lab)
            function = lab.start(self.phase, AWS_MAX_ATTEMPTS=str(ATTEMPTS), SDWAN_REGIONS=ROUTER.region,
                                 SSM_TIMEOUT=str(self._timeout), SSM_POLL_INTERVAL=str(PAUSE), **environment)
            invocation = function.invoke({"instances": [ROUTER.name]}, PATIENCE, seconds=self._seconds)
            check_report(invocation)
            if not self.trouble.says.startswith("InvalidSignature"):
                assert not lab.ssm.violations, lab.ssm.violations
            return self._seen(lab, invocation)
        finally:
            lab.stop()

    @property
    def _timeout(self) -> int:
        """Short where nothing else ends the wait."""
        endless = self.times == ALWAYS and not self.trouble.harmless and (
            self.operation == POLL or self.operation == SEND and not (self.trouble.refused or self.trouble.executed))
        return TIMEOUT if endless or self.operation == CANCEL else PLENTY

    @property
    def _seconds(self) -> int:
        """Until the deadline; few where only that is an end."""
        return rules.PATIENCE if self.trouble.patient and self.times == ALWAYS and self.operation != CANCEL else rules.SECONDS

    def _furnish(self, lab: Lab) -> None:
        host = lab.ssm.hosts[ROUTER.instance_id]
        if self.operation == CANCEL:
            host.outcome = Outcome(never_ends=True)
        elif self.phase == "phase3":
            addresses = {address for router in ROUTERS.values() for address in (router.vti, router.loopback)}
            texts = Texts("1.3", ROUTER, ROUTERS[ROUTER.peer])
            host.executor = Sandbox(lab.folder / "hosts", router_host(addresses, lambda _: texts))

    # The fault

    def _break(self, lab: Lab) -> dict[str, str]:
        fault = self.trouble.fault
        if fault:
            times = 1 if self.times == ONCE else 1e9
            lab.ssm.inject(Fault(**vars(fault) | {"operation": self.operation, "times": times}))
            return {}
        if self.trouble.name == "no such host":
            return {"AWS_ENDPOINT_URL": "http://nowhere.invalid"}
        if self.trouble.name == "connection refused":
            self._when_its_turn_comes(lab, lab.ssm.refuse_connections)
            return {}
        return self._use_tls(lab)

    def _use_tls(self, lab: Lab) -> dict[str, str]:
        (ours, pair), (_, stranger) = (authority(lab.folder / "tls", name) for name in ("ours", "other"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.num_tickets = 0  # a resumed session would not look at the certificate again
        context.load_cert_chain(pair)
        lab.use_tls(context)
        self._when_its_turn_comes(lab, lambda: context.load_cert_chain(stranger))
        return {"AWS_CA_BUNDLE": str(ours)}

    def _when_its_turn_comes(self, lab: Lab, change) -> None:
        """With the answer to the call before, which ends the connection."""
        if self.operation == FIRST:
            change()
        else:
            lab.ssm.last_words = (lambda call: self._is_before(lab, call), change)

    def _is_before(self, lab: Lab, call: Call) -> bool:
        before_sending = "DescribeInstanceInformation" if self.phase == "phase1" else FIRST
        if self.operation != CANCEL:
            return call.operation == {SEND: before_sending, POLL: SEND}[self.operation]
        # Well before the last poll, which a slow machine may not get to; the polls after this one fail too.
        return call.operation == POLL and time.time() - lab.ssm.commands[0].sent_at >= TIMEOUT / 2

    # What came of it

    def _seen(self, lab: Lab, invocation) -> Seen:
        calls = len(lab.ssm.made(self.operation))
        commands = lab.ssm.commands_for(ROUTER.instance_id)
        true_id = commands[-1].command_id if commands else ""
        if invocation.failed:
            error = invocation.error
            return Seen(error["errorType"], calls, len(commands), error["errorMessage"], ("", true_id))
        one = invocation.response["results"][ROUTER.name]
        return Seen(one["status"], calls, len(commands), one["stderr"], (one["command_id"], true_id))
