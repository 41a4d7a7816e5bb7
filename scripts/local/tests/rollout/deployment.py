"""A rollout over the second interpreter: the functions play the contract, and all that was asked is kept."""

import json
from collections.abc import Callable
from typing import Any

from . import worker
from .interpreter import Execution, Failed, Outcome

Json = dict[str, Any]
Approve = Callable[[Json], Any]


class Deployment:
    """Runs executions of one definition."""

    def __init__(self, text: str) -> None:
        self.definition = json.loads(text)
        self._word = next(word for word in worker.WORDS if f"'{word}': $items" in text)

    def run(self, given: Any, approve: Approve | None = None, lambda_errors: dict[str, list[str]] | None = None,
            **script: Any) -> "Rollout":
        """`given` is the input; `script` is added to an object. `lambda_errors`: function → what its first calls end with."""
        if isinstance(given, dict) and script:
            given = {**given, "script": script}
        return Rollout(self.definition, self._word, given, approve, dict(lambda_errors or {}))


class Rollout:
    """One execution with what its functions, its bus and its table were given."""

    def __init__(self, definition: Json, word: str, given: Any, approve: Approve | None, lambda_errors: dict[str, list[str]]) -> None:
        self.asked: list[Json] = []
        self.told: list[tuple[str, Json]] = []
        self.noted: list[Json] = []
        # Which functions were called, by their last word.
        self.functions: list[str] = []
        self._word = word
        self._approve, self._errors = approve, {name: list(errors) for name, errors in lambda_errors.items()}
        self.outcome: Outcome = Execution(definition, self._do).run(given)

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
            return {}
        [entry] = arguments["Entries"]
        self.told.append((entry["DetailType"], entry["Detail"]))
        if resource.endswith(".waitForTaskToken"):
            return self._approve(entry["Detail"]) if self._approve else {}
        return {"FailedEntryCount": 0}

    def _invoke(self, function: str, payload: Json) -> Any:
        name = function.rsplit("-", 1)[-1].rsplit(":", 1)[-1]
        if self._errors.get(name):
            raise Failed(self._errors[name].pop(0), "on purpose")
        self.functions.append(name)
        self.asked.append(payload)
        try:
            return worker.answer(json.loads(json.dumps(payload)), self._word)
        except worker.Refused as refused:
            raise Failed(refused.answer["errorType"], json.dumps(refused.answer)) from refused
