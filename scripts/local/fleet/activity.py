"""The log of what the hosts do: a line as a command begins on a host, and one as it ends."""

import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .instances import Instance


class ActivityLog:
    """The log in a run's folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "activity.jsonl"
        self._lock = threading.Lock()

    def write(self, instance: "Instance", command_id: str, comment: str, event: str, seconds: float = 0.0) -> None:
        line = {"time": time.time(), "router": instance.name, "region": instance.region, "command_id": command_id,
                "comment": comment, "event": event, "seconds": round(seconds, 3)}
        with self._lock, self._file.open("a") as log:
            log.write(json.dumps(line) + "\n")

    def read(self) -> list[dict[str, Any]]:
        if not self._file.exists():
            return []
        return [json.loads(line) for line in self._file.read_text().splitlines()]
