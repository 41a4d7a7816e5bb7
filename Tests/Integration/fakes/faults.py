"""Ways in which the fake Systems Manager misbehaves on demand."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Fault:
    """Hits the next `times` matching calls. `executed` says whether the call takes effect all the same."""

    kind: str  # error, reset, cut_head, reset_during, truncate, hang, delay, skew, html
    code: str = ""
    message: str = "injected by the test"
    status: int = 400
    executed: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    operation: str | None = None
    region: str | None = None
    instance: str | None = None
    times: float = 1
    share: float = 1.0  # cut_head: so much of the head is sent
    seconds: float = 0.0  # delay: before the answer; skew: how far the service's clock is ahead
    dated: bool = True  # skew: whether the service tells its time
    hits: int = 0

    def matches(self, operation: str, region: str | None, body: dict) -> bool:
        mentioned = body.get("InstanceIds") or [body.get("InstanceId")]
        return (self.hits < self.times
                and self.operation in (None, operation)
                and self.region in (None, region)
                and (self.instance is None or self.instance in mentioned))


def error(code: str, status: int = 400, **rest) -> Fault:
    return Fault("error", code, status=status, **rest)


def throttle(**rest) -> Fault:
    return error("ThrottlingException", message="Rate exceeded", **rest)


def reset(**rest) -> Fault:
    """No byte of an answer, then an RST."""
    return Fault("reset", **rest)


def cut_head(share: float, **rest) -> Fault:
    """That share of a truthful answer's head, then an RST."""
    return Fault("cut_head", executed=True, share=share, **rest)


def delay(seconds: float, **rest) -> Fault:
    """A truthful answer, but late."""
    return Fault("delay", executed=True, seconds=seconds, **rest)


def skew(minutes: float, **rest) -> Fault:
    """From this call on the service's clock is that far ahead."""
    return Fault("skew", executed=True, seconds=60 * minutes, **rest)


def reset_during(**rest) -> Fault:
    """Half of a truthful answer, then the end of the connection."""
    return Fault("reset_during", executed=True, **rest)


def truncate(**rest) -> Fault:
    """A complete HTTP answer whose JSON ends in the middle."""
    return Fault("truncate", executed=True, **rest)


def hang(**rest) -> Fault:
    """No answer as long as the fake lives."""
    return Fault("hang", **rest)


def html(status: int = 503, **rest) -> Fault:
    """What a load balancer or a captive portal says."""
    return Fault("html", status=status, **rest)
