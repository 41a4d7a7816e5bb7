"""The parts of an execution that are worth a line, out of the states that it has entered."""

import re

from .progress import RUNNING, Progress, State

# States that only announce something, and those inside a wave's phase, which is a state itself.
PLUMBING = re.compile(r"(Announced|Reported|[.-](announced|reported)|\.started|\.ended|\.batch\w*)$|^Execution(Started|Completed|Ended)$")
# In the polling machine a phase is a loop of states.
LOOP = re.compile(r"^(Phase\d)(Done|Poll|RoutersFailed)?$")
SHOWN = ("Task", "Wait", "Map", "Fail", "Succeed")
WORKING = ("Task", "Map")


def stages(progress: Progress) -> list[State]:
    """Work and waiting, not the plumbing between them; a phase that polls is one stage, over when it is left."""
    found: list[State] = []
    inside = ""
    for state in progress.states:
        loop = LOOP.match(state.name)
        if loop and inside == loop[1]:
            found[-1].ended = state.ended
            continue
        inside = loop[1] if loop else ""
        if state.kind in SHOWN and not PLUMBING.search(state.name):
            found.append(State(state.name, state.kind, state.entered, state.ended))
    if inside and progress.status == RUNNING:
        found[-1].ended = None
    return found
