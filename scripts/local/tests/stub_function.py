"""A function of the phases' contract that does nothing: it answers as it is told, and keeps what it was asked.

The event's field `journal` names a folder: `answers.json` has the answers of each phase in their order (the
last one is given again), and under `rollback` and `command` those of these modes; `events.jsonl` gets the events.
What is to be cancelled is kept in the file that the package's own file `cancellations` names.
"""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def answer(phase: str, event: dict[str, Any]) -> Any:
    """The next answer of the phase; one with `errorType` is an error."""
    if event.get("action") == "cancel":
        with Path(Path(__file__).with_name("cancellations").read_text()).open("a") as file:
            file.write(json.dumps(event) + "\n")
        return {"phase": phase, "cancelled_count": 0, "cancelled": []}
    folder = Path(event["journal"])
    record = {"phase": phase, "at": os.times().elapsed, **event}
    with (folder / "events.jsonl").open("a") as file:
        file.write(json.dumps(record) + "\n")
    asked = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    key = named(record)
    mine = [e for e in asked if named(e) == key]
    answers = json.loads((folder / "answers.json").read_text()).get(key)
    if answers is None:
        return result(phase, event.get("instances", ["r1"]))
    given = answers[min(len(mine), len(answers)) - 1]
    if event.get("fail_on_routers") and isinstance(given, dict) and given.get("fail_count") and given.get("done", True):
        return {"errorType": "Phase.RoutersFailed", "errorMessage": given["summary"]}
    return given


def named(record: dict[str, Any]) -> str:
    """Under which name the answers to an event are."""
    mode = record.get("mode")
    return mode if mode in ("rollback", "command") else record["phase"]


def result(phase: str, routers: list[str]) -> dict[str, Any]:
    return {"phase": phase, "done": True, "success_count": len(routers), "fail_count": 0, "failed": [],
            "summary": f"{len(routers)} of {len(routers)} routers succeeded", "results": {}}


def post(path: str, body: Any, kind: str | None = None) -> None:
    headers = {"Lambda-Runtime-Function-Error-Type": "Function.Failed"} if kind else {}
    urllib.request.urlopen(urllib.request.Request(f"{API}/{path}", json.dumps(body).encode(), headers)).close()


def main() -> None:
    phase = os.environ["AWS_LAMBDA_FUNCTION_NAME"].removeprefix("sdwan-")
    while True:
        with urllib.request.urlopen(f"{API}/next") as request:
            identity, event = request.headers["Lambda-Runtime-Aws-Request-Id"], json.load(request)
        given = answer(phase, event)
        failed = isinstance(given, dict) and "errorType" in given
        post(f"{identity}/{'error' if failed else 'response'}", given, "error" if failed else None)


if __name__ == "__main__":
    main()
