"""A job of the stand-in along the timeline of a real one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .world import Server

# Seconds after a job's creation, as an account has been seen to take them.
STARTED, SNAPSHOT, CONVERSION, CONVERTED, LAUNCH, LAUNCHED, COMPLETED = 8, 20, 80, 300, 305, 420, 421
TERMINATED = 60
TEXTS = {
    "launch-failed": "LAUNCH_FAILED", "conversion-failed": "CONVERSION_FAIL", "snapshot-failed": "SNAPSHOT_FAIL",
    "skipped": "SERVER_SKIPPED",
}
ERRORS = {
    "launch-failed": "InsufficientInstanceCapacity: there is no capacity for the launch template's instance type",
    "conversion-failed": "the conversion server could not mount the root volume",
    "snapshot-failed": "the snapshot of the staging volume failed",
    "skipped": "the server is not ready for launch",
}
# When a server's fate is sealed.
AT = {"skipped": STARTED, "snapshot-failed": CONVERSION, "conversion-failed": CONVERTED, "launch-failed": LAUNCHED}


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:-4] + "Z"


@dataclass
class Job:
    """One job; `age` is what has passed since it was made, on the timeline."""

    id: str
    kind: str  # LAUNCH, TERMINATE
    initiator: str
    servers: list[Server]
    created: float
    early: float = 0.0
    lingers: float = 0.0
    # Recovery instances by servers.
    instances: dict[str, str] = field(default_factory=dict)

    def status(self, age: float) -> str:
        if age >= self.end - self.early:
            return "COMPLETED"
        return "STARTED" if age >= STARTED else "PENDING"

    @property
    def end(self) -> float:
        return TERMINATED if self.kind == "TERMINATE" else COMPLETED

    def launch_status(self, server: Server, age: float) -> str:
        if self.kind == "TERMINATE":
            return "TERMINATED" if age >= self.end + self.lingers else "LAUNCHED"
        if server.outcome == "stuck":
            return "IN_PROGRESS" if age >= LAUNCH else "PENDING"
        if server.outcome in ("snapshot-failed", "conversion-failed"):
            # The log alone tells.
            return "PENDING"
        if age < LAUNCH:
            return "PENDING"
        if age < LAUNCHED:
            return "IN_PROGRESS"
        return {"launch-failed": "FAILED", "terminated": "TERMINATED"}.get(server.outcome, "LAUNCHED")

    def launched(self, age: float) -> list[Server]:
        if self.kind != "LAUNCH":
            return []
        return [one for one in self.participants if self.launch_status(one, age) == "LAUNCHED"]

    @property
    def participants(self) -> list[Server]:
        return [one for one in self.servers if one.outcome not in ("skipped", "absent")]

    def told(self, age: float, ended: float | None, tells_instances: bool, region: str, account: str) -> dict[str, Any]:
        told: dict[str, Any] = {
            "jobID": self.id, "arn": f"arn:aws:drs:{region}:{account}:job/{self.id}", "type": self.kind, "initiatedBy": self.initiator,
            "creationDateTime": stamp(self.created), "status": self.status(age), "tags": {}, "participatingServers": []}
        if ended is not None:
            told["endDateTime"] = stamp(ended)
        for server in self.participants:
            status = self.launch_status(server, age)
            entry = {"sourceServerID": server.id, "launchStatus": status}
            if tells_instances and status == "LAUNCHED" and server.id in self.instances:
                entry["recoveryInstanceID"] = self.instances[server.id]
            told["participatingServers"].append(entry)
        return told

    def log(self, age: float) -> list[dict[str, Any]]:
        lines: list[tuple[float, str, Server | None]] = [(STARTED, "JOB_START", None)]
        for server in self.servers:
            if self.kind == "TERMINATE" or server.outcome == "absent":
                continue
            if server.outcome != "skipped":
                lines += [(SNAPSHOT, "SNAPSHOT_START", server)]
                if server.outcome == "previous-snapshot":
                    lines += [(SNAPSHOT, "SNAPSHOT_FAIL", server), (SNAPSHOT + 1, "USING_PREVIOUS_SNAPSHOT", server)]
                elif server.outcome != "snapshot-failed":
                    lines.append((SNAPSHOT, "SNAPSHOT_END", server))
                if server.outcome != "snapshot-failed":
                    lines.append((CONVERSION, "CONVERSION_START", server))
                    if server.outcome != "conversion-failed":
                        lines += [(CONVERTED, "CONVERSION_END", server), (LAUNCH, "LAUNCH_START", server)]
            if server.outcome in AT:
                lines.append((AT[server.outcome], TEXTS[server.outcome], server))
        lines.append((self.end, "JOB_END", None))
        return [self._entry(at, event, server) for at, event, server in sorted(lines, key=lambda line: line[0]) if age >= at]

    def _entry(self, at: float, event: str, server: Server | None) -> dict[str, Any]:
        data: dict[str, Any] = {}
        if server:
            data["sourceServerID"] = server.id
            if TEXTS.get(server.outcome) == event:
                data["rawError"] = ERRORS[server.outcome]
        return {"logDateTime": stamp(self.created + at), "event": event, "eventData": data}
