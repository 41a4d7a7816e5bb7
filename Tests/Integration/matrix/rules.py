"""What must come of a fault, derived from what is promised, never from what was observed.

- A failed attempt is repeated while attempts are left, where the SDKs' standard mode retries (`retryable`), or where
  something was learnt from it (`curable`).
- SendCommand is repeated only when the command certainly does not exist: the service said so, never saw it, or its
  history does not show it. A command that the history shows is the one that was wanted.
- A poll that fails is repeated until SSM_TIMEOUT, and so is a command that could not be sent; only a refusal that no time
  mends ends the wait.
- CancelCommand is tried for three seconds, and then it is looked whether the command has stopped.
- What is throttled is asked again at a pace that halves, until the time is over: that is no failed attempt.
- A kept connection that dies before a byte of the answer is replaced, and the request sent again, unless it is
  SendCommand.
"""

from __future__ import annotations

from dataclasses import dataclass

from .troubles import CANCEL, FIRST, ONCE, OPERATIONS, POLL, SEND, UNREACHABLE, Trouble

__all__ = ["ATTEMPTS", "OPERATIONS", "Expected", "expect"]
ATTEMPTS = 2
CANCELLED, NOT_CANCELLED = "asked to stop", "could not be cancelled"
TIMEOUT = 1  # SSM_TIMEOUT in seconds, where nothing else ends the wait
PAUSE = 0.05  # SSM_POLL_INTERVAL in seconds
# Jitter takes a fifth off a pause at most, the first four pauses are as long as two, and an attempt may find its
# connection dead.
MOST_POLLS = int(TIMEOUT / (PAUSE * 0.8) + 3) * (ATTEMPTS + 1)
SECONDS = 900  # until the invocation's deadline
PATIENCE = 12  # the same, where only that ends the throttling
# The pauses double from 1/32 s on, and may be twice as long.
THROTTLED = range(4, 13)
# Four times in three seconds, each time in two attempts, each of which may find its connection dead.
MOST_REQUESTS_TO_STOP = 17


@dataclass(frozen=True)
class Expected:
    """An error type, or a router's status; the calls of the operation that the service saw; the commands it took."""

    outcome: str
    calls: range
    commands: int
    says: str = ""


def expect(trouble: Trouble, operation: str, times: str) -> Expected:
    return {FIRST: _discovery, SEND: _sending, POLL: _polling, CANCEL: _cancelling}[operation](trouble, times)


def _exactly(calls: int) -> range:
    return range(calls, calls + 1)


def _is_mended(trouble: Trouble, times: str) -> bool:
    """Whether a second attempt is made and is a success."""
    return times == ONCE and (trouble.retryable or trouble.curable)


def _calls(trouble: Trouble) -> range:
    """Those that the service sees when none of them is a success."""
    return _exactly(0 if not trouble.arrives else ATTEMPTS if trouble.retryable else 1)


def _discovery(trouble: Trouble, times: str) -> Expected:
    if trouble.harmless:
        return Expected("Success", _exactly(1), 1)
    if _is_mended(trouble, times):
        return Expected("Success", _exactly(2), 1)
    calls = THROTTLED if trouble.patient else _calls(trouble)
    error = "AWS." + ("Unreachable" if trouble.says == UNREACHABLE else trouble.says)
    return Expected(error, calls, 0, trouble.says)


def _sending(trouble: Trouble, times: str) -> Expected:
    if trouble.harmless or (trouble.is_ambiguous and trouble.executed):
        return Expected("Success", _exactly(1), 1)
    if trouble.is_ambiguous:
        # The history shows nothing: it is sent anew, whatever kind of failure it was.
        return (Expected("Success", _exactly(2), 1) if times == ONCE
                else Expected("TimedOut", range(ATTEMPTS, MOST_POLLS + 1), 0, trouble.says))
    if _is_mended(trouble, times):
        return Expected("Success", _exactly(2), 1)
    if trouble.patient:
        return Expected("TimedOut", THROTTLED, 0, trouble.says)
    # Only who was refused has failed.
    return Expected("Failed" if trouble.refused else "TimedOut", _calls(trouble), 0, trouble.says)


def _polling(trouble: Trouble, times: str) -> Expected:
    if trouble.harmless:
        return Expected("Success", _exactly(1), 1)
    if trouble.refused and not trouble.retryable:
        return Expected("Failed", _exactly(1), 1, trouble.says)
    if times == ONCE:
        return Expected("Success", _exactly(2), 1)
    calls = range(1 if trouble.lasts else 2, MOST_POLLS + 1) if trouble.arrives else _exactly(0)
    return Expected("TimedOut", calls, 1, trouble.says)


def _cancelling(trouble: Trouble, times: str) -> Expected:
    if trouble.patient:
        return (Expected("TimedOut", _exactly(2), 1, CANCELLED) if times == ONCE
                else Expected("TimedOut", THROTTLED, 1, NOT_CANCELLED))
    if trouble.harmless:
        return Expected("TimedOut", _exactly(1), 1, CANCELLED)
    is_final = trouble.refused and not trouble.retryable and not trouble.curable
    if not trouble.arrives or trouble.lasts or is_final:
        return Expected("TimedOut", _exactly(1 if trouble.arrives else 0), 1, NOT_CANCELLED)
    if trouble.executed:
        # Whoever looks sees that it has stopped.
        return Expected("TimedOut", range(1, MOST_REQUESTS_TO_STOP), 1, CANCELLED)
    return (Expected("TimedOut", _exactly(2), 1, CANCELLED) if times == ONCE
            else Expected("TimedOut", range(2, MOST_REQUESTS_TO_STOP), 1, NOT_CANCELLED))
