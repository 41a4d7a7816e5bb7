"""How a service throttles: so many calls at once, and so many a second, each operation in each region by itself."""

from __future__ import annotations

import time
from collections.abc import Callable


class TokenBucket:
    """`rate` calls a second, `burst` of them at once. A throttled call costs nothing."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._seen = float(burst), clock()

    def take(self) -> bool:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._seen) * self._rate)
        self._seen = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Limits:
    """What each operation may be asked, in each region or in one of them."""

    def __init__(self) -> None:
        self._rates: dict[tuple[str, str | None], tuple[float, int]] = {}
        self._buckets: dict[tuple[str, str | None], TokenBucket] = {}

    def set(self, operation: str, rate: float, burst: int, region: str | None = None) -> None:
        self._rates[operation, region] = rate, burst
        self._buckets.clear()

    def allows(self, operation: str, region: str | None) -> bool:
        found = self._rates.get((operation, region)) or self._rates.get((operation, None))
        if not found:
            return True
        return self._buckets.setdefault((operation, region), TokenBucket(*found)).take()
