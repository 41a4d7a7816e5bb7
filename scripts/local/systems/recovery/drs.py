"""Elastic Disaster Recovery, which no emulator has: its operations over a World, strict against the service's model.

What the model allows and the service does not is refused too: more than 100 servers in a job, a server in two running
jobs, more than 20 jobs and 500 servers at work, tags on a job (nobody of ours gives any).
"""

import json
import secrets
import string
import threading
from collections.abc import Callable
from typing import Any

from ...contract import services
from .jobs import Job
from .world import Fault, Server, World

MOST_OF_JOB, MOST_JOBS, MOST_SERVERS = 100, 20, 500
LETTERS = string.ascii_lowercase + string.digits
OPERATIONS = frozenset({"StartRecovery", "DescribeJobs", "DescribeJobLogItems", "DescribeSourceServers",
                        "DescribeRecoveryInstances", "TerminateRecoveryInstances"})
CODES = {"StartRecovery": 202}
CONFLICT = "One or more of the Source Servers included in API call are currently being processed by a Job"


class Refused(Exception):
    """An error of the service's own."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class Recovery:
    """One account in one region. `launch` makes an EC2 instance for a server, and `end` ends one."""

    def __init__(self, world: World, now: Callable[[], float], speed: float = 1.0, region: str = "us-east-1",
                 account: str = "123456789012", launch: Callable[[Server], str] | None = None,
                 end: Callable[[str], None] | None = None) -> None:
        self.world = world
        self._now = now
        self._speed = speed
        self._region, self._account = region, account
        self._launch = launch or (lambda _: "i-" + secrets.token_hex(8) + "0")
        self._end = end or (lambda _: None)
        self._lock = threading.RLock()
        self._tokens: dict[str, tuple[str, list[dict[str, Any]]]] = {}
        self.jobs: list[Job] = []
        # Recovery instances: by their ids.
        self.instances: dict[str, dict[str, Any]] = {}
        # Operation and input of every call.
        self.calls: list[tuple[str, dict[str, Any]]] = []
        # What a correct caller never does.
        self.violations: list[str] = []

    def made(self, operation: str) -> list[dict[str, Any]]:
        return [body for name, body in self.calls if name == operation]

    def answer(self, operation: str, content_type: str, body: bytes) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body; None where the answer is lost."""
        with self._lock:
            try:
                given = self._checked(operation, content_type, body)
                self.calls.append((operation, given))
                fault = self.world.fault(operation)
                if fault and fault.kind in Fault.ERRORS and not fault.executed:
                    status, code = Fault.ERRORS[fault.kind]
                    raise Refused(code, CONFLICT if fault.kind == "conflict" else "as the test wants it", status)
                if fault and not fault.executed:
                    return None
                self._go_on()
                result = getattr(self, operation)(given)
            except Refused as error:
                return self._refusal(error)
            self.violations += [f"the stand-in's answer to {operation}: {problem}"
                                for problem in services.answer_problems("drs", operation, result)]
            if fault and fault.kind in Fault.ERRORS:
                status, code = Fault.ERRORS[fault.kind]
                return self._refusal(Refused(code, "after the fact", status))
            return None if fault else self._told(CODES.get(operation, 200), result)

    def _told(self, status: int, value: dict[str, Any], **headers: str) -> tuple[int, dict[str, str], bytes]:
        fields = {"Content-Type": "application/json", "x-amzn-RequestId": secrets.token_hex(16), **headers}
        return status, fields, json.dumps(value).encode()

    def _refusal(self, error: Refused) -> tuple[int, dict[str, str], bytes]:
        # What the model calls retryAfterSeconds is a header.
        wait = {"Retry-After": "1"} if error.code == "ThrottlingException" else {}
        return self._told(error.status, {"message": error.message, "code": error.code}, **{"x-amzn-ErrorType": error.code}, **wait)

    def _checked(self, operation: str, content_type: str, body: bytes) -> dict[str, Any]:
        if operation not in OPERATIONS:
            self.violations.append(f"nobody of ours calls {operation}")
            raise Refused("UnknownOperationException", operation, 404)
        try:
            value = json.loads(body)
        except ValueError as error:
            self.violations.append(f"{operation}: no JSON")
            raise Refused("SerializationException", str(error)) from error
        found = services.value_problems("drs", operation, value)
        wrong = [str(problem) for problem in found]
        if content_type != "application/json":
            wrong.append(f"Content-Type {content_type!r}")
        if "tags" in value:
            wrong.append("a job gets no tags")
        if operation == "StartRecovery" and "isDrill" not in value:
            wrong.append("isDrill is not said, which is a recovery")
        if wrong:
            self.violations += [f"{operation}: {text}" for text in wrong]
            raise Refused("ValidationException", "; ".join(wrong))
        return value

    # Time

    def _age(self, job: Job) -> float:
        return (self._now() - job.created) * self._speed

    def _go_on(self) -> None:
        """What has happened since the last call."""
        for job in self.jobs:
            age = self._age(job)
            for server in job.launched(age):
                if server.id not in job.instances:
                    self._launched(job, server)
            if job.kind == "TERMINATE" and age >= job.end + job.lingers:
                for server in job.servers:
                    if entry := self.instances.pop(job.instances.get(server.id, ""), None):
                        self._end(entry["ec2InstanceID"])

    def _launched(self, job: Job, server: Server) -> None:
        # What an earlier job has launched is replaced.
        for old in [key for key, entry in self.instances.items() if entry["sourceServerID"] == server.id]:
            self._end(self.instances.pop(old)["ec2InstanceID"])
        instance = job.instances[server.id] = self._launch(server)
        self.instances[instance] = {
            "recoveryInstanceID": instance, "ec2InstanceID": instance, "sourceServerID": server.id, "jobID": job.id,
            "ec2InstanceState": "STOPPED" if server.outcome == "stopped" else "RUNNING",
            "isDrill": job.initiator == "START_DRILL"}

    def _busy(self) -> list[Job]:
        return [job for job in self.jobs if job.status(self._age(job)) != "COMPLETED"]

    # Operations

    def StartRecovery(self, given: dict[str, Any]) -> dict[str, Any]:
        ids = [one["sourceServerID"] for one in given["sourceServers"]]
        if len(set(ids)) != len(ids):
            self.violations.append(f"StartRecovery: a server twice in {ids}")
        if len(ids) > MOST_OF_JOB:
            raise Refused("ServiceQuotaExceededException", f"{len(ids)} servers in a job", 402)
        missing = [one for one in ids if one not in self.world.servers]
        if missing:
            raise Refused("ConflictException", f"there is no source server {missing[0]}", 409)
        busy = self._busy()
        if any(server.id in ids for job in busy for server in job.servers):
            raise Refused("ConflictException", CONFLICT, 409)
        if 0 < self.world.quota_after <= len([job for job in self.jobs if job.kind == "LAUNCH"]):
            raise Refused("ServiceQuotaExceededException", "as many jobs as the account may have", 402)
        if len(busy) >= MOST_JOBS or sum(len(job.servers) for job in busy) + len(ids) > MOST_SERVERS:
            raise Refused("ServiceQuotaExceededException", "too much at work", 402)
        initiator = "START_DRILL" if given["isDrill"] else "START_RECOVERY"
        return {"job": self._told_job(self.begin("LAUNCH", initiator, ids))}

    def begin(self, kind: str, initiator: str, ids: list[str], instances: dict[str, str] | None = None) -> Job:
        """A new job; a test makes those of strangers itself."""
        job = Job("drsjob-" + "".join(secrets.choice(LETTERS) for _ in range(17)), kind, initiator,
                  [self.world.servers[one] for one in ids], self._now(), self.world.early, self.world.lingers, dict(instances or {}))
        self.jobs.insert(0, job)
        return job

    def _told_job(self, job: Job) -> dict[str, Any]:
        age = self._age(job)
        ended = job.created + job.end / self._speed if job.status(age) == "COMPLETED" else None
        return job.told(age, ended, self.world.tells_instances, self._region, self._account)

    def DescribeJobs(self, given: dict[str, Any]) -> dict[str, Any]:
        filters = given.get("filters", {})
        known = self.jobs
        if self.world.hidden > 0 and "nextToken" not in given:
            self.world.hidden -= 1
            known = known[1:]
        told = [self._told_job(job) for job in known]
        if filters.get("jobIDs"):
            told = [one for one in told if one["jobID"] in filters["jobIDs"]]
        if since := filters.get("fromDate"):
            told = [one for one in told if one["creationDateTime"][:19] >= since[:19]]
        return self._page("DescribeJobs", given, told)

    def DescribeJobLogItems(self, given: dict[str, Any]) -> dict[str, Any]:
        job = next((one for one in self.jobs if one.id == given["jobID"]), None)
        if job is None:
            raise Refused("ValidationException", f"there is no job {given['jobID']}")
        return self._page("DescribeJobLogItems", given, job.log(self._age(job)))

    def DescribeSourceServers(self, given: dict[str, Any]) -> dict[str, Any]:
        wanted = given.get("filters", {}).get("sourceServerIDs")
        told = [one.told(self._region, self._account) for one in self.world.servers.values() if not wanted or one.id in wanted]
        return self._page("DescribeSourceServers", given, told)

    def DescribeRecoveryInstances(self, given: dict[str, Any]) -> dict[str, Any]:
        wanted = given.get("filters", {}).get("sourceServerIDs")
        told = [one for one in self.instances.values() if not wanted or one["sourceServerID"] in wanted]
        return self._page("DescribeRecoveryInstances", given, told)

    def TerminateRecoveryInstances(self, given: dict[str, Any]) -> dict[str, Any]:
        ids = given["recoveryInstanceIDs"]
        missing = [one for one in ids if one not in self.instances]
        if missing:
            raise Refused("ConflictException", f"there is no recovery instance {missing[0]}", 409)
        if not all(self.instances[one]["isDrill"] for one in ids):
            self.violations.append("TerminateRecoveryInstances: not of a drill")
        instances = {self.instances[one]["sourceServerID"]: one for one in ids}
        if any(job.kind == "TERMINATE" and set(instances) & {one.id for one in job.servers} for job in self._busy()):
            raise Refused("ConflictException", CONFLICT, 409)
        job = self.begin("TERMINATE", "TERMINATE_RECOVERY_INSTANCES", list(instances), instances)
        return {"job": self._told_job(job)}

    def _page(self, operation: str, given: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
        if token := given.get("nextToken"):
            if self._tokens.get(token, ("", []))[0] != operation:
                raise Refused("ValidationException", "The token is not valid")
            # A page whose answer was lost can be had again.
            items = self._tokens[token][1]
        size = min(self.world.page, given.get("maxResults", self.world.page))
        if len(items) <= size:
            return {"items": items}
        token = secrets.token_hex(12)
        self._tokens[token] = operation, items[size:]
        return {"items": items[:size], "nextToken": token}
