"""Approvals in the local run: a wave that waits is shown, and answered by a person or by the run itself.

The run learns of it as an operator does: by the event "SD-WAN approval wanted", here through a queue.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from .subscription import Subscription

NAME = "sdwan-local-approvals"
PATTERN = {"source": ["sdwan"], "detail-type": ["SD-WAN approval wanted"]}
REASON = "rejected by --approve no"
ASK, YES, NO = "ask", "yes", "no"

# What a shell needs to answer for itself.
EXPORTED = ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

Say = Callable[[str], None]


def usual() -> str:
    """Whom to leave the decision to: a person, where there is one."""
    return ASK if sys.stdin.isatty() and sys.stdout.isatty() else YES


@dataclass
class Answers:
    """How a wave is answered: by a person at the terminal, or always in the same way."""

    how: str
    ask: Callable[[str], str] = input

    def reason_against(self, wave: str) -> str | None:
        """Why the wave is rejected; None approves it.

        Raises EOFError when a person was to be asked and there is none.
        """
        if self.how == YES:
            return None
        if self.how == NO:
            return REASON
        while (answer := self.ask(f"approve wave {wave}? [y/n] ").strip().lower()) not in ("y", "yes", "n", "no"):
            pass
        return None if answer.startswith("y") else self.ask("the reason: ").strip() or "no reason was given"


@dataclass
class Approvals:
    """The waves that wait for an approval."""

    states: Any
    subscription: Subscription
    # What reaches the emulators from another shell.
    environment: dict[str, str]
    answers: Answers
    # Those that wait and were not answered here: other executions'.
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, execution: str, say: Say) -> bool:
        """Show and answer the waves of an execution that wait; whether there was one."""
        self.waiting += [event["detail"] for event in self.subscription.take()]
        mine = [wanted for wanted in self.waiting if wanted["execution"] == execution]
        self.waiting = [wanted for wanted in self.waiting if wanted not in mine]
        for wanted in mine:
            self._answer(wanted, say)
        return bool(mine)

    def _answer(self, wanted: dict[str, Any], say: Say) -> None:
        token, wave = wanted["task_token"], wanted["wave"]
        exports = " ".join(f"{name}={self.environment[name]}" for name in EXPORTED if name in self.environment)
        say(f"wave {wave} ({wanted['routers']} routers) waits for an approval; from another shell:\n\n"
            f"  export {exports}\n"
            f"  aws stepfunctions send-task-success --task-token {token} --task-output '{{}}'\n"
            f"  aws stepfunctions send-task-failure --task-token {token} --error Rejected --cause 'the reason'\n")
        try:
            reason = self.answers.reason_against(wave)
            if reason is None:
                self.states.send_task_success(taskToken=token, output="{}")
            else:
                self.states.send_task_failure(taskToken=token, error="Rejected", cause=reason)
        except EOFError:
            say(f"nobody is there to ask: wave {wave} goes on waiting")
        except ClientError as error:
            say(f"wave {wave} does not wait any more: {error}")
        else:
            by_itself = "" if self.answers.how == ASK else f" by this run itself (--approve {self.answers.how})"
            say(f"wave {wave} was {'approved' if reason is None else f'rejected: {reason}'}{by_itself}")
