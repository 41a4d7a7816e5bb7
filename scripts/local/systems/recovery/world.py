"""What a stand-in of Elastic Disaster Recovery knows, and what goes wrong in it on demand."""

from dataclasses import dataclass, field
from typing import Any

# What a server of a job may come to beside LAUNCHED.
OUTCOMES = ("launch-failed", "conversion-failed", "snapshot-failed", "terminated", "skipped", "absent", "stuck", "stopped",
            "previous-snapshot")


@dataclass
class Server:
    """A source server."""

    id: str
    hostname: str
    tags: dict[str, str] = field(default_factory=dict)
    replication: str = "CONTINUOUS"
    outcome: str = "launched"

    def told(self, region: str, account: str) -> dict[str, Any]:
        return {"sourceServerID": self.id, "arn": f"arn:aws:drs:{region}:{account}:source-server/{self.id}", "tags": self.tags,
                "dataReplicationInfo": {"dataReplicationState": self.replication},
                "sourceProperties": {"identificationHints": {"hostname": self.hostname}}}


@dataclass
class Fault:
    """Hits the next `times` calls of an operation; `executed` says whether the call takes effect all the same."""

    operation: str
    kind: str  # throttled, quota, denied, uninitialized, broken, conflict, lost
    times: int = 1
    executed: bool = False

    ERRORS = {
        "throttled": (429, "ThrottlingException"), "quota": (402, "ServiceQuotaExceededException"),
        "denied": (403, "AccessDeniedException"), "uninitialized": (400, "UninitializedAccountException"),
        "broken": (500, "InternalServerException"), "conflict": (409, "ConflictException"),
    }


@dataclass
class World:
    """All of it; a local run reads it from a file."""

    servers: dict[str, Server] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # DescribeJobs shows a new job only after so many calls.
    hidden: int = 0
    # Whether a job tells the recovery instances of its servers.
    tells_instances: bool = True
    # Seconds by which a job is COMPLETED before its servers come to their ends.
    early: float = 0.0
    # Seconds for which instances are still there when the job that terminates them is COMPLETED.
    lingers: float = 0.0
    # After so many jobs the next one is more than the account may have; 0 for no such limit.
    quota_after: int = 0
    # Items of a page.
    page: int = 100

    def add(self, *servers: Server) -> None:
        self.servers.update({server.id: server for server in servers})

    def fault(self, operation: str) -> Fault | None:
        """The fault that hits a call; it is used up."""
        found = next((one for one in self.faults if one.operation == operation and one.times > 0), None)
        if found:
            found.times -= 1
        return found

    @classmethod
    def read(cls, data: dict[str, Any]) -> "World":
        """As a file has it."""
        world = cls(**{name: value for name, value in data.items() if name not in ("servers", "faults")})
        world.add(*(Server(**one) for one in data.get("servers", [])))
        world.faults = [Fault(**one) for one in data.get("faults", [])]
        return world
