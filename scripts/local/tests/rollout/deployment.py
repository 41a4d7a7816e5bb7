"""A rollout over the second interpreter: the functions play the contract, and all that was asked is kept."""

import json
from collections.abc import Callable
from typing import Any

from . import worker
from .interpreter import Execution, Failed, Outcome

Json = dict[str, Any]
Do = Callable[[Any], Any]


def nothing(_: Any) -> Json:
    return {}


class Deployment:
    """Runs executions of one definition."""

    def __init__(self, text: str) -> None:
        self.definition = json.loads(text)
        self.word = next(word for word in worker.WORDS if f"'{word}': $items" in text)

    def run(self, given: Any, approve: Do | None = None, lambda_errors: dict[str, list[str]] | None = None, bus: Do = nothing,
            table: Do = nothing, **script: Any) -> "Rollout":
        """`given` is the input, `script` what the functions do. `lambda_errors`: function → what its first calls end with.

        `approve`, `bus` and `table` get each approval's detail, event's type and note, and may raise Failed.
        """
        return Rollout(self, given, script, approve or nothing, bus, table, dict(lambda_errors or {}))


class Rollout:
    """One execution with what its functions, its bus and its table were given."""

    def __init__(self, deployment: Deployment, given: Any, script: Json, approve: Do, bus: Do, table: Do,
                 lambda_errors: dict[str, list[str]]) -> None:
        self.asked: list[Json] = []
        self.told: list[tuple[str, Json]] = []
        self.noted: list[Json] = []
        # Which functions were called, by their last word.
        self.functions: list[str] = []
        self._word, self._script = deployment.word, script
        self._approve, self._bus, self._table = approve, bus, table
        self._errors = {name: list(errors) for name, errors in lambda_errors.items()}
        self.outcome: Outcome = Execution(deployment.definition, self._do).run(given)

    @property
    def summary(self) -> Json:
        return self.outcome.summary

    @property
    def status(self) -> str:
        return self.summary["status"] if self.outcome.error[:8] in ("", "Rollout.") else self.outcome.error

    @property
    def waves(self) -> dict[str, str]:
        return {wave["name"]: wave["status"] for wave in self.summary["waves"]}

    @property
    def reasons(self) -> dict[str, str]:
        return {wave["name"]: wave["reason"] for wave in self.summary["waves"]}

    def started(self) -> list[tuple[Any, ...]]:
        """Wave, step and items of each step that was begun."""
        return [(each["wave"], each["step"], *each[self._word]) for each in self.asked if each["action"] == "start"]

    def _do(self, resource: str, arguments: Json) -> Any:
        if resource == "lambda:invoke":
            return {"StatusCode": 200, "Payload": self._invoke(arguments["FunctionName"], arguments["Payload"])}
        if resource == "dynamodb:putItem":
            self.noted.append(arguments)
            return self._table(arguments)
        [entry] = arguments["Entries"]
        self.told.append((entry["DetailType"], entry["Detail"]))
        if resource.endswith(".waitForTaskToken"):
            return self._approve(entry["Detail"])
        return self._bus(entry["DetailType"])

    def _invoke(self, function: str, payload: Json) -> Any:
        name = function.rsplit("-", 1)[-1].rsplit(":", 1)[-1]
        if self._errors.get(name):
            raise Failed(self._errors[name].pop(0), "on purpose")
        self.functions.append(name)
        self.asked.append(payload)
        try:
            return worker.answer(json.loads(json.dumps(payload)), self._word, self._script)
        except worker.Refused as refused:
            raise Failed(refused.answer["errorType"], json.dumps(refused.answer)) from refused
