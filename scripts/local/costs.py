"""What runs would cost on AWS, from their footprints: `scripts/bench --costs FILE…`."""

import sys
from dataclasses import dataclass
from pathlib import Path

from .emulators.footprint import Footprint, read


@dataclass(frozen=True)
class Prices:
    """List prices in USD."""

    gb_second: float
    invocation: float
    transition: float


# us-east-1: Lambda on x86 beyond the free tier, Step Functions' Standard workflows.
LIST_PRICES = Prices(gb_second=0.0000166667, invocation=0.20 / 1_000_000, transition=0.025 / 1_000)
HEADINGS = ("routers", "orchestration", "invocations", "billed GB-seconds", "state transitions", "Systems Manager calls", "per router",
            "Lambda USD", "Step Functions USD", "together USD")


@dataclass(frozen=True)
class Cost:
    """USD of one run."""

    functions: float
    transitions: float

    @property
    def together(self) -> float:
        return self.functions + self.transitions


def of(taken: Footprint, prices: Prices = LIST_PRICES) -> Cost:
    return Cost(taken.gb_seconds * prices.gb_second + taken.invocations * prices.invocation,
                taken.state_transitions * prices.transition)


def table(footprints: list[Footprint]) -> str:
    """Markdown, the small networks first and `synchronous` before `rollout`."""
    ordered = sorted(footprints, key=lambda taken: (taken.run["routers"], taken.run["orchestration"] == "rollout", taken.run["waves"]))
    rows = [HEADINGS, ("--:", "---", *["--:"] * (len(HEADINGS) - 2)), *(_row(taken) for taken in ordered)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(taken: Footprint) -> tuple[str, ...]:
    cost, calls, routers = of(taken), sum(taken.ssm_calls.values()), taken.run["routers"]
    waves = f", {taken.run['waves']} waves" if taken.run["waves"] else ""
    return (f"{routers:,}", f"{taken.run['orchestration']}{waves}", f"{taken.invocations:,}", f"{taken.gb_seconds:,.2f}",
            f"{taken.state_transitions:,}", f"{calls:,}", f"{calls / routers:.1f}", *(
                f"{usd:.5f}" for usd in (cost.functions, cost.transitions, cost.together)))


def main() -> int:
    files = [Path(name) for name in sys.argv[1:]]
    if not files:
        print("usage: scripts/bench --costs FILE…  (files that run-local --footprint wrote)", file=sys.stderr)
        return 2
    try:
        footprints = [read(file) for file in files]
    except (OSError, ValueError, TypeError, KeyError) as error:
        print(f"costs: no footprint of run-local: {error}", file=sys.stderr)
        return 2
    for file, taken in zip(files, footprints):
        if not taken.run["real_time"]:
            print(f"costs: {file} was measured with shortened waits: run-local --real-time shortens none", file=sys.stderr)
    print(table(footprints))
    return 0


if __name__ == "__main__":
    sys.exit(main())
