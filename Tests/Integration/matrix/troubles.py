"""The faults of the matrix, described by what a client can know of them; `rules` needs no more."""

from __future__ import annotations

from dataclasses import dataclass, field

from fakes import faults
from fakes.faults import Fault

FIRST, SEND, POLL, CANCEL = "GetParametersByPath", "SendCommand", "GetCommandInvocation", "CancelCommand"
OPERATIONS = (FIRST, SEND, POLL, CANCEL)
# Of a read it makes no difference whether it was carried out.
WRITES = (SEND, CANCEL)
ONCE, ALWAYS = "once", "always"


@dataclass(frozen=True)
class Trouble:
    name: str
    says: str  # what the failure must name: an error code, or the words for a service out of reach
    fault: Fault | None = None  # none: the endpoint itself is gone, see `Cell`
    arrives: bool = True  # the service sees the request
    executed: bool = False  # and carries it out
    refused: bool = False  # it says that it did not
    retryable: bool = True  # the SDKs' standard mode tries again
    no_byte: bool = False  # the connection ends before a byte of the answer
    lasts: bool = False  # one attempt takes longer than SSM_TIMEOUT
    patient: bool = False  # it is asked again until the time is over
    harmless: bool = False
    curable: bool = False  # what is learnt from the first refusal makes the second request good
    times: tuple[str, ...] = (ONCE, ALWAYS)
    operations: tuple[str, ...] = field(default=OPERATIONS)

    @property
    def is_ambiguous(self) -> bool:
        """Whether the client can't tell if the operation was carried out."""
        return self.arrives and not self.refused


UNREACHABLE = "got no answer"


def _lost(name: str, fault: Fault, **rest) -> list[Trouble]:
    """The request is lost, or its answer."""
    answer = Fault(**vars(fault) | {"executed": True})
    return [Trouble(f"{name}, request lost", UNREACHABLE, fault, **rest),
            Trouble(f"{name}, answer lost", UNREACHABLE, answer, executed=True, operations=WRITES, **rest)]


def _server_error(status: int, code: str) -> list[Trouble]:
    return [Trouble(str(status), code, faults.error(code, status)),
            Trouble(f"{status}, carried out", code, faults.error(code, status, executed=True), executed=True,
                    operations=WRITES)]


def _refusal(name: str, code: str, retryable: bool, **rest) -> Trouble:
    return Trouble(name, code, faults.error(code), refused=True, retryable=retryable, **rest)


def _skew(minutes: int) -> list[Trouble]:
    """The service's clock says so in `Date`; without that nobody can learn it."""
    rest = {"refused": True}
    code = "InvalidSignatureException"
    return [Trouble(f"clock {minutes:+} min", code, faults.skew(minutes), curable=True, times=(ONCE,), **rest),
            Trouble(f"clock {minutes:+} min, no Date", code, faults.skew(minutes, dated=False), retryable=False,
                    times=(ALWAYS,), **rest)]


TROUBLES = [
    Trouble("connection refused", UNREACHABLE, arrives=False, times=(ALWAYS,)),
    # A name that was found is kept for a minute, and every operation has the same host: only the first can miss it.
    Trouble("no such host", UNREACHABLE, arrives=False, times=(ALWAYS,), operations=(FIRST,)),
    Trouble("wrong certificate", UNREACHABLE, arrives=False, retryable=False, times=(ALWAYS,)),
    *_lost("reset before the answer", faults.reset(), no_byte=True),
    Trouble("reset in the head", UNREACHABLE, faults.cut_head(0.5), executed=True),
    Trouble("reset after the head", UNREACHABLE, faults.cut_head(1.0), executed=True),
    Trouble("truncated body", UNREACHABLE, faults.reset_during(), executed=True),
    Trouble("half of the JSON", UNREACHABLE, faults.truncate(), executed=True, retryable=False),
    Trouble("answer after 0.3 s", "", faults.delay(0.3), executed=True, harmless=True),
    *_lost("no answer", faults.hang(), lasts=True),
    *_server_error(500, "InternalServerError"),
    *_server_error(503, "ServiceUnavailable"),
    _refusal("throttled", "ThrottlingException", retryable=True, patient=True),
    _refusal("expired token", "ExpiredTokenException", retryable=False),
    *_skew(10), *_skew(-10),
]
