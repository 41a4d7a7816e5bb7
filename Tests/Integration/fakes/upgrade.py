"""What the upgrade functions call: EKS, EC2, Route 53, EventBridge, Step Functions and Bedrock, each over its own protocol."""

from __future__ import annotations

import json
import re
import time
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

from local.contract import services
from local.systems.upgrade.eks import Eks

from .server import Answer, FakeServer, Request
from .signature import Identity, verify

ZONE = "{https://route53.amazonaws.com/doc/2013-04-01/}"


class FakeUpgradeServices(FakeServer):
    """A test moves its clock; every answer of it can be lost, and a function can be killed at every call."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.ahead = 0.0
        self.eks = Eks(self.now)
        self.free = {"subnet-1": 100, "subnet-2": 100}
        # Weights of records by their identifiers, one entry a change.
        self.weights: list[dict[str, int]] = []
        self.changes: dict[str, float] = {}
        self.events: list[dict] = []
        self.refuses_events = False
        self.execution_started = time.time() - 1
        self.violations: list[str] = []
        # What a model says, None where nobody may ask it; and what it was asked.
        self.words: str | None = "Mind the pods."
        self.asked: list[tuple[str, dict]] = []
        # What the health URLs answer with.
        self.health = 200
        # When the function is to be killed: before (False) or after (True) this call, counted from 1, is carried out.
        self.killing: tuple[int, bool] | None = None
        self.kill = lambda: None
        # Calls, from 1 on, whose answers are lost.
        self.lost: set[int] = set()
        self.seen = 0
        # Numbers of calls that changed a cluster or records.
        self.changing: list[int] = []
        super().__init__()

    def now(self) -> float:
        return time.time() + self.ahead

    def answer(self, request: Request) -> Answer:
        if request.path.startswith("/healthz"):
            return Answer(self.health, b"{}", {})
        scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/aws4_request", request.headers.get("Authorization") or "")
        service = scope.group(1) if scope else "?"
        verify(request, self.url, self.identity, service, self.clock_offset)
        with self.lock:
            self.seen += 1
            number = self.seen
        is_fatal = self.killing is not None and self.killing[0] == number
        if is_fatal and not self.killing[1]:
            self.kill()
            return Answer(reset=True)
        told = {"eks": self._eks, "ec2": self._ec2, "route53": self._route53, "events": self._events,
                "states": self._states, "bedrock": self._bedrock}[service](request)
        if is_fatal:
            self.kill()
        return Answer(reset=True) if is_fatal or number in self.lost else told

    def _eks(self, request: Request) -> Answer:
        url = urlsplit(request.path)
        if ("update" in url.path and request.method == "POST") or request.method == "DELETE":
            self.changing.append(self.seen)
        status, headers, body = self.eks.answer(request.method, url.path, dict(parse_qsl(url.query)), request.body)
        return Answer(status, body, headers)

    def _ec2(self, request: Request) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if (form.pop("Action"), form.pop("Version")) != ("DescribeSubnets", "2016-11-15"):
            self.violations.append(f"ec2: {request.body!r}")
        asked = list(form.values())
        if not all(re.fullmatch(r"SubnetId\.\d+", name) for name in form):
            self.violations.append(f"ec2: {form}")
        items = "".join(f"<item><subnetId>{name}</subnetId><availableIpAddressCount>{self.free[name]}</availableIpAddressCount></item>"
                        for name in asked)
        text = f'<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><subnetSet>{items}</subnetSet></DescribeSubnetsResponse>'
        return Answer(200, text.encode(), {"Content-Type": "text/xml"})

    def _route53(self, request: Request) -> Answer:
        if request.method == "GET":
            change = request.path.rsplit("/", 1)[1]
            status = "INSYNC" if self.now() - self.changes[change] >= 30 else "PENDING"
            return self._change("GetChangeResponse", change, status)
        self.changing.append(self.seen)
        root = ElementTree.fromstring(request.body)
        sets = root.findall(f"{ZONE}ChangeBatch/{ZONE}Changes/{ZONE}Change/{ZONE}ResourceRecordSet")
        actions = {one.text for one in root.iter(f"{ZONE}Action")}
        order = [child.tag.removeprefix(ZONE) for one in sets[:1] for child in one]
        if actions != {"UPSERT"} or order != ["Name", "Type", "SetIdentifier", "Weight", "TTL", "ResourceRecords"]:
            self.violations.append(f"route53: {request.body!r}")
        self.weights.append({one.findtext(f"{ZONE}SetIdentifier"): int(one.findtext(f"{ZONE}Weight")) for one in sets})
        change = f"C{len(self.weights)}"
        self.changes[change] = self.now()
        return self._change("ChangeResourceRecordSetsResponse", change, "PENDING")

    @staticmethod
    def _change(name: str, change: str, status: str) -> Answer:
        text = (f'<?xml version="1.0"?><{name} xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/{change}</Id>'
                f"<Status>{status}</Status><SubmittedAt>2026-11-26T00:00:00Z</SubmittedAt></ChangeInfo></{name}>")
        return Answer(200, text.encode(), {"Content-Type": "text/xml"})

    def _json(self, service: str, prefix: str, version: str, request: Request) -> tuple[str, dict]:
        operation = (request.headers.get("X-Amz-Target") or "").removeprefix(f"{prefix}.")
        found = services.request_problems(service, operation, f"application/x-amz-json-{version}", request.body)
        self.violations += [f"{service} {operation}: {problem}" for problem in found]
        return operation, json.loads(request.body)

    def _events(self, request: Request) -> Answer:
        _, given = self._json("events", "AWSEvents", "1.1", request)
        if self.refuses_events:
            told = [{"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "no"} for _ in given["Entries"]]
        else:
            self.events += [{**entry, "Detail": json.loads(entry["Detail"])} for entry in given["Entries"]]
            told = [{"EventId": str(number)} for number, _ in enumerate(given["Entries"])]
        failed = len(told) if self.refuses_events else 0
        body = json.dumps({"FailedEntryCount": failed, "Entries": told}).encode()
        return Answer(200, body, {"Content-Type": "application/x-amz-json-1.1"})

    def _states(self, request: Request) -> Answer:
        _, given = self._json("stepfunctions", "AWSStepFunctions", "1.0", request)
        told = {"executionArn": given["executionArn"], "stateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:u", "name": "one",
                "status": "RUNNING", "startDate": self.execution_started}
        return Answer(200, json.dumps(told).encode(), {"Content-Type": "application/x-amz-json-1.0"})

    def _bedrock(self, request: Request) -> Answer:
        model = unquote(request.path.removeprefix("/model/").removesuffix("/converse"))
        given = json.loads(request.body)
        self.violations += services.value_problems("bedrock-runtime", "Converse", {"modelId": model, **given})
        self.asked.append((model, given))
        if self.words is None:
            return Answer(403, b'{"message": "no access to the model"}', {"x-amzn-ErrorType": "AccessDeniedException"})
        told = {"output": {"message": {"role": "assistant", "content": [{"text": self.words}]}}, "stopReason": "end_turn",
                "usage": {"inputTokens": 9, "outputTokens": 9, "totalTokens": 18}, "metrics": {"latencyMs": 9}}
        self.violations += services.answer_problems("bedrock-runtime", "Converse", told)
        return Answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})
