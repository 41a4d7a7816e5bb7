"""A part of an execution, as it is shown."""

from dataclasses import dataclass


@dataclass
class State:
    """A state of the machine, or a step of a rollout; `ended` is None while it runs."""

    name: str
    kind: str
    entered: float
    ended: float | None = None

    @property
    def seconds(self) -> float:
        """How long it took; 0 while it runs."""
        return 0 if self.ended is None else self.ended - self.entered
