"""A function that plays the rollout's contract: it admits, does a step's items, and cancels, as it is told.

Its script, which a function of Lambda gets in the event's field `script`:

- `known`: the items that there are; `waves`: the deployment's default.
- `fail`: step → items that fail in it. `polls`: step → how often it has to be asked (1).
- `answer`: step → this and nothing else is answered. `answers_in_turn`: step → for `start` the first, for each `check` the next.
  `answers_of`: wave → what every step in it answers. `raise`: step or `admit` → an error's type and message.
- `journal`: a file that gets all that the function was asked.

It is a function's whole program, too: without anything but Python.
"""

import json
import os
import re
import urllib.request
from pathlib import Path
from typing import Any

Json = dict[str, Any]
WORDS = {"instances": "routers", "servers": "servers", "clusters": "clusters"}
FIELDS = {"name", "items", "rest", "dependsOn", "pauseBefore", "onFailure", "maxErrors", "maxConcurrency", "preCommands", "postCommands"}
KNOWN = [f"r{number}" for number in range(1, 9)]
# What a message may have: below Step Functions' 256 KiB, with room for what the machine adds.
LARGEST, STATE_OF_AN_ITEM = 250_000, 20


class Refused(Exception):
    """Input.Invalid, or what a script raises."""

    def __init__(self, message: str, kind: str = "Input.Invalid") -> None:
        super().__init__(message)
        self.answer = {"errorType": kind, "errorMessage": message}


def answer(event: Json, word: str, script: Json) -> Json:
    """What the function of a deployment with this word for its items answers; raises Refused."""
    if script.get("journal"):
        with Path(script["journal"]).open("a") as journal:
            journal.write(json.dumps(event) + "\n")
    if event["action"] == "cancel":
        return {"cancelled_count": 0}
    name = "admit" if event["action"] == "admit" else event["step"]
    if raised := script.get("raise", {}).get(name):
        raise Refused(raised[1], raised[0])
    if name in script.get("answer", {}):
        return script["answer"][name]
    if event.get("wave") in script.get("answers_of", {}):
        return script["answers_of"][event["wave"]]
    if name in script.get("answers_in_turn", {}):
        return script["answers_in_turn"][name][event["action"] == "check"]
    return admitted(event, script, word) if name == "admit" else worked(event, script, word)


def admitted(message: Json, script: Json, word: str) -> Json:
    """The waves with their items and steps."""
    event, known = message["event"], script.get("known") or KNOWN
    given = "waves" in message
    waves = message["waves"] if given else script.get("waves") or [{"name": "all", "rest": True}]
    if not isinstance(waves, list) or not waves:
        raise Refused("waves: must be a list of waves")
    for unknown in [item for item in event.get(word, []) if item not in known]:
        raise Refused(f"{word}: there is no {unknown}")
    named = [item for wave in waves for item in _named(wave, word)]
    for twice in [item for item in named if named.count(item) > 1]:
        raise Refused(f"{twice} is in two waves")
    resolved, seen = [], []
    for wave in waves:
        _judge(wave, word, seen, known)
        items = _named(wave, word) or [item for item in known if item not in named]
        if not items:
            raise Refused(f"wave {wave['name']}: it is empty")
        kept = {field: value for field, value in wave.items() if field in ("name", "dependsOn", "pauseBefore", "onFailure", "maxErrors",
                                                                           "maxConcurrency")}
        resolved.append({**kept, "items": items, "steps": [
            *_commands(wave, "pre"), *({"name": step["name"]} for step in message["steps"]), *_commands(wave, "post")]})
        seen.append(wave["name"])
    _judge_sizes(event, resolved)
    left_out = len(known) - sum(len(wave["items"]) for wave in resolved)
    return {"waves": resolved, **({"left_out": left_out} if given and left_out else {})}


def _named(wave: Json, word: str) -> list[str]:
    return wave.get("items") or wave.get(WORDS[word]) or []


def _judge(wave: Json, word: str, before: list[str], known: list[str]) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", str(wave.get("name"))) or wave["name"] in before:
        raise Refused(f"wave {wave.get('name')}: a name of its own, of letters, digits and hyphens")
    for field in sorted(wave.keys() - FIELDS - {WORDS[word]}):
        raise Refused(f"wave {wave['name']}: there is no field {field}")
    for item in [item for item in _named(wave, word) if item not in known]:
        raise Refused(f"wave {wave['name']}: there is no {item}")
    for name in [name for name in wave.get("dependsOn") or [] if name not in before]:
        raise Refused(f"wave {wave['name']}: dependsOn {name}, which is no wave before it")
    if wave.get("onFailure") not in (None, "stop", "continue", "rollback"):
        raise Refused(f"wave {wave['name']}: onFailure is stop, continue or rollback")
    if not re.fullmatch(r"None|[0-9]{1,5}|([0-9]{1,2}|100)%", str(wave.get("maxErrors"))):
        raise Refused(f"wave {wave['name']}: maxErrors is a number or a percentage")


def _commands(wave: Json, stage: str) -> list[Json]:
    return [{"name": f"{stage}{number}", "timeout": command.get("timeout", 600), "required": command.get("required", True),
             "event": {"mode": "command", "command": {"document": command["document"]}}}
            for number, command in enumerate(wave.get(f"{stage}Commands") or [], 1)]


def _judge_sizes(event: Json, waves: list[Json]) -> None:
    every = [item for wave in waves for item in wave["items"]]
    largest = max(len(wave["items"]) for wave in waves)
    for what, size in (("the waves", _size(waves)), ("a step's message", _size(event) + 2 * _size(every) + STATE_OF_AN_ITEM * largest)):
        if size > LARGEST:
            raise Refused(f"{what}: {size} bytes, {LARGEST} are possible; use fewer items or shorter names")


def _size(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def worked(event: Json, script: Json, word: str) -> Json:
    """A step; it holds how far its items are, by their places, and lets no more than maxConcurrency run."""
    items, polls = event[word], script.get("polls", {}).get(event["step"], 1)
    state = event["state"] if event["action"] == "check" else {"next": 0, "running": [], "ended": 0}
    running = [[place, left - 1] for place, left in state["running"]]
    going = [entry for entry in running if entry[1] > 0]
    free = event["maxConcurrency"] - len(going)
    begun = list(range(state["next"], min(len(items), state["next"] + free)))
    state = {"next": state["next"] + len(begun), "running": going + [[place, polls] for place in begun],
             "ended": state["ended"] + len(running) - len(going)}
    if state["ended"] < len(items):
        return {"done": False, "wait_seconds": 1, "state": state,
                "progress": {"ended": state["ended"], "running": len(state["running"])}}
    failed = [item for item in items if item in script.get("fail", {}).get(event["step"], [])]
    return {"done": True, "success_count": len(items) - len(failed), "fail_count": len(failed), "failed": failed,
            "summary": f"{len(items) - len(failed)} of {len(items)} succeeded", "refs": [f"ref-{event['step']}"]}


def serve(runtime: str, word: str) -> None:
    """As Lambda asks it."""
    base = f"http://{runtime}/2018-06-01/runtime/invocation"

    def post(path: str, body: Json, headers: dict[str, str]) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{base}/{path}", json.dumps(body).encode(), headers)).close()

    while True:
        with urllib.request.urlopen(f"{base}/next") as request:
            identity, event = request.headers["Lambda-Runtime-Aws-Request-Id"], json.load(request)
        try:
            script = (event.get("event") or event).get("script") or {}
            if event["action"] == "cancel":
                # It says of nothing but the execution; who is told is kept where all functions of a run can write.
                script = {"journal": Path(__file__).with_name("cancellations").read_text()}
            post(f"{identity}/response", answer(event, word, script), {})
        except Refused as refused:
            post(f"{identity}/error", refused.answer, {"Lambda-Runtime-Function-Error-Type": "Function.Refused"})


if __name__ == "__main__":
    serve(os.environ["AWS_LAMBDA_RUNTIME_API"], os.environ.get("ITEMS", "instances"))
