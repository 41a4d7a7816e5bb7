"""What the stand-ins of a host remember, and how they complain."""

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

# What is in a tool's way, for a while: {tool: [{"call": PATTERN, "status", "words", "seconds", "times"}]}.
MOODS = "/var/lib/moods.json"


def meet_mood(tool: str, arguments: list[str]) -> None:
    """Fails as the real tool does while something is in its way; each mood passes after as many calls as it says."""
    moods = load(MOODS)
    for mood in moods.get(tool, []):
        if mood.get("times", 1) > 0 and re.search(mood["call"], " ".join(arguments)):
            mood["times"] = mood.get("times", 1) - 1
            store(MOODS, moods)
            time.sleep(mood.get("seconds", 0))
            sys.stderr.write(mood.get("words", ""))
            sys.stderr.flush()
            sys.exit(mood["status"])


def load(path: str) -> dict[str, Any]:
    file = Path(path)
    return json.loads(file.read_text()) if file.exists() else {}


def store(path: str, data: dict[str, Any]) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(data, indent=1))
    draft.replace(file)


def fail(text: str, status: int = 1) -> NoReturn:
    sys.stderr.write(text + "\n")
    sys.exit(status)
