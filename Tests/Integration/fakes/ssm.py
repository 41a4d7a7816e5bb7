"""Systems Manager over its real JSON 1.1 protocol, several regions on one endpoint.

The region of a call is the one its signature is scoped to. Every request is checked against the service's own model
(botocore's copy of it), its signature, and the permissions that the functions' role has; what a correct client never
does is kept in `violations`, and so is an answer of the fake itself that the model does not know.
"""

from __future__ import annotations

import json
import ssl
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from local.contract import services

from . import listing
from .faults import Fault
from .rates import Limits
from .run_command import TERMINAL, Command, Host, Invocation
from .server import Answer, FakeServer, Request
from .signature import Identity, ServiceError, verify

_MODEL = services.model("ssm")
PERMITTED = {"SendCommand", "GetCommandInvocation", "DescribeInstanceInformation", "CancelCommand", "ListCommands",
             "ListCommandInvocations", "GetParametersByPath", "DescribeDocument"}


@dataclass
class Call:
    """One request that reached the service, in the order of arrival."""

    operation: str
    region: str | None
    body: dict
    request: Request

    @property
    def at(self) -> float:
        return self.request.at


class FakeSSM(FakeServer):
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.identity = Identity()
        self.parameters: dict[str, dict[str, str]] = {}
        self.hosts: dict[str, Host] = {}
        self.calls: list[Call] = []
        self.commands: list[Command] = []
        self.cancelled: list[str] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.page_size = 10
        self.empty_pages = False
        # what may be sent, with the names of its parameters
        self.documents = {"AWS-RunShellScript": {"commands", "executionTimeout", "workingDirectory"}}
        # where the function's parameters lie
        self.prefix = "/sdwan"
        self.hidden_listings = 0  # so many lists do not show a new command
        self.list_lag = 0.0  # seconds until a list shows a command
        self.strangers = 0  # somebody else's commands in each region's lists, newer than all others
        self.limits = Limits()
        self.missing: set[str] = set()  # operations that the service does not know, as not every one knows all
        # The first call of which the first says yes is the last of its connection; then the second is called.
        self.last_words: tuple[Callable[[Call], bool], Callable[[], None]] | None = None
        self._pages: dict[str, tuple] = {}
        self._lists = listing.Pages()
        super().__init__(tls)

    # What a test does

    def inject(self, fault: Fault) -> Fault:
        with self.lock:
            self.faults.append(fault)
        return fault

    def made(self, operation: str, region: str | None = None) -> list[Call]:
        return [call for call in self.calls if call.operation == operation and region in (None, call.region)]

    def commands_for(self, instance_id: str) -> list[Command]:
        return [command for command in self.commands if instance_id in command.invocations]

    def invocation(self, instance_id: str) -> Invocation:
        """The newest command on that host."""
        return self.commands_for(instance_id)[-1].invocations[instance_id]

    def wait_for_commands(self, count: int, seconds: float = 60) -> None:
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.commands) >= count, seconds), \
                f"{len(self.commands)} of {count} commands within {seconds} s"

    def wait_for_calls(self, operation: str, count: int = 1, seconds: float = 60) -> None:
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.made(operation)) >= count, seconds), \
                f"{len(self.made(operation))} of {count} {operation} within {seconds} s"

    # The protocol

    def answer(self, request: Request) -> Answer:
        operation = (request.headers.get("X-Amz-Target") or "").removeprefix("AmazonSSM.")
        try:
            body = json.loads(request.body)
        except ValueError:
            body = {}
        scope = (request.headers.get("Authorization") or "").split("/")
        region = scope[2] if len(scope) > 2 else None
        call = Call(operation, region, body, request)
        with self.lock:
            self.calls.append(call)
            fault = next((one for one in self.faults if one.matches(operation, region, body)), None)
            if fault:
                fault.hits += 1
            self.lock.notify_all()
        if fault and not fault.executed:
            return self._broken(fault, b"")
        if fault and fault.kind == "skew":
            self.clock_offset, self.dated, fault = fault.seconds, fault.dated, None
        try:
            if request.method != "POST" or request.path != "/":
                raise ServiceError("UnknownOperationException", f"{request.method} {request.path}")
            region = verify(request, self.url, self.identity, "ssm", self.clock_offset)
            self._validate(request, operation)
            with self.lock:
                if not self.limits.allows(operation, region):
                    raise ServiceError("ThrottlingException", "Rate exceeded")
                result = getattr(self, operation)(body, region)
                self.lock.notify_all()
            self.violations += [f"the fake's answer to {operation}: {problem}"
                                for problem in services.answer_problems("ssm", operation, result)]
            answer = _json(200, result)
        except ServiceError as problem:
            if problem.code in ("InvalidSignatureException", "ValidationException", "SerializationException",
                                "UnknownOperationException", "MissingAuthenticationTokenException", "AccessDeniedException"):
                self.violations.append(f"{operation}: {problem}")
            answer = _failure(problem)
        self._say_last_words(call, answer)
        return self._broken(fault, answer.body) if fault else answer

    def _say_last_words(self, call: Call, answer: Answer) -> None:
        if self.last_words and self.last_words[0](call):
            (_, change), self.last_words = self.last_words, None
            answer.hang_up = True
            answer.headers["Connection"] = "close"
            change()

    def _broken(self, fault: Fault, truth: bytes) -> Answer:
        if fault.kind == "error":
            answer = _failure(ServiceError(fault.code, fault.message, fault.status))
            answer.headers.update(fault.headers)
            return answer
        if fault.kind == "html":
            return Answer(fault.status, b"<html><body><h1>Service Unavailable</h1></body></html>",
                          {"Content-Type": "text/html"})
        if fault.kind == "truncate":
            return Answer(200, truth[: len(truth) // 2], {"Content-Type": "application/x-amz-json-1.1"})
        if fault.kind == "reset_during":
            return Answer(200, truth, {"Content-Type": "application/x-amz-json-1.1"}, cut=len(truth) // 2)
        if fault.kind == "cut_head":
            return Answer(200, truth, cut_head=fault.share)
        if fault.kind == "delay":
            self.stopping.wait(fault.seconds)
            return Answer(200, truth, {"Content-Type": "application/x-amz-json-1.1"})
        if fault.kind == "hang":
            self.stopping.wait()
        return Answer(reset=True)

    def _validate(self, request: Request, operation: str) -> None:
        if operation in self.missing:
            raise ServiceError("InvalidAction", f"Unknown action: {operation}")
        if operation not in _MODEL.operation_names:
            raise ServiceError("UnknownOperationException", operation)
        if operation not in PERMITTED:
            raise ServiceError("AccessDeniedException", f"not authorized to perform: ssm:{operation}")
        if found := services.request_problems("ssm", operation, request.headers.get("Content-Type") or "", request.body):
            raise ServiceError(*services.refusal(found))

    # Parameter Store

    def _permitted(self, name: str) -> None:
        if name.rstrip("/") != self.prefix and not name.startswith(f"{self.prefix}/"):
            raise ServiceError("AccessDeniedException", f"not authorized to perform: ssm:GetParametersByPath on {name}")

    def _describe(self, name: str, region: str) -> dict:
        return {"Name": name, "Type": "String", "Value": self.parameters[region][name], "Version": 1,
                "LastModifiedDate": 1.7e9, "DataType": "text",
                "ARN": f"arn:aws:ssm:{region}:123456789012:parameter{name}"}

    def GetParametersByPath(self, body: dict, region: str) -> dict:
        path = body["Path"].rstrip("/") + "/"
        if not path.startswith("/"):
            raise ServiceError("ValidationException", f"Path {body['Path']}")
        self._permitted(path)
        names = sorted(name for name in self.parameters.get(region, {}) if name.startswith(path)
                       and (body.get("Recursive") or "/" not in name[len(path):]))
        start, blank = 0, self.empty_pages
        if token := body.get("NextToken"):
            if self._pages.get(token, ())[:2] != (region, path):
                raise ServiceError("InvalidNextToken", "The specified token isn't valid.")
            start, blank = self._pages.pop(token)[2:]
        if blank:
            return {"Parameters": [], "NextToken": self._page(region, path, start, False)}
        end = start + min(self.page_size, body.get("MaxResults", 10))
        result: dict = {"Parameters": [self._describe(name, region) for name in names[start:end]]}
        if end < len(names):
            result["NextToken"] = self._page(region, path, end, self.empty_pages)
        return result

    def _page(self, *place) -> str:
        token = f"AAEAA/{uuid.uuid4().hex}+w=="
        self._pages[token] = place
        return token

    # Run Command

    def DescribeDocument(self, body: dict, region: str) -> dict:
        known = self.documents.get(body["Name"])
        if known is None:
            raise ServiceError("InvalidDocument", body["Name"])
        return {"Document": {"Name": body["Name"], "Parameters": [{"Name": name, "Type": "StringList"} for name in sorted(known)]}}

    def SendCommand(self, body: dict, region: str) -> dict:
        instances = body.get("InstanceIds", [])
        known = self.documents.get(body["DocumentName"])
        if known is None:
            raise ServiceError("InvalidDocument", body["DocumentName"])
        if not instances:
            raise ServiceError("ValidationException", "InstanceIds: the model allows none, Run Command without Targets does not")
        if len(set(instances)) != len(instances):
            raise ServiceError("DuplicateInstanceId", "")
        hosts = [self.hosts.get(instance) for instance in instances]
        if not all(host and host.online and host.region == region for host in hosts):
            raise ServiceError("InvalidInstanceId", f"Instances {instances} not in a valid state for account")
        if set(body.get("Parameters", {})) - known:
            raise ServiceError("InvalidParameters", str(sorted(body["Parameters"])))
        command = Command(body, region, self.hidden_listings)
        command.invocations = {host.instance_id: Invocation(command, host) for host in hosts if host}
        self.commands.append(command)
        return {"Command": command.describe() | {"Status": "Pending", "StatusDetails": "Pending"}}

    def _command(self, command_id: str, region: str) -> Command | None:
        return next((command for command in self.commands
                     if (command.command_id, command.region) == (command_id, region)), None)

    def GetCommandInvocation(self, body: dict, region: str) -> dict:
        command = self._command(body["CommandId"], region)
        invocation = command and command.invocations.get(body["InstanceId"])
        result = invocation.poll() if invocation else None
        if result is None:
            raise ServiceError("InvocationDoesNotExist", "")
        return result

    def CancelCommand(self, body: dict, region: str) -> dict:
        command = self._command(body["CommandId"], region)
        if not command:
            raise ServiceError("InvalidCommandId", "")
        wanted = body.get("InstanceIds") or list(command.invocations)
        if len(set(wanted)) != len(wanted):
            raise ServiceError("DuplicateInstanceId", "")
        if not set(wanted) <= set(command.invocations):
            raise ServiceError("InvalidInstanceId", f"{wanted} are not all of the command's")
        self.cancelled.append(command.command_id)
        for instance in wanted:
            invocation = command.invocations[instance]
            # One that has ended stays as it ended, though the request is accepted.
            if invocation.status() not in TERMINAL:
                invocation.cancelled = True
        return {}

    def ListCommands(self, body: dict, region: str) -> dict:
        filters = listing.Filters(body)
        known = [one for one in listing.shown(self.commands, region, filters, self.list_lag)
                 if filters.status in (None, one.describe()["Status"])]
        return self._lists.page(body, region, known, "Commands", lambda one: one.describe())

    def ListCommandInvocations(self, body: dict, region: str) -> dict:
        filters, details = listing.Filters(body), body.get("Details", False)
        known = [invocation for command in listing.shown(self.commands, region, filters, self.list_lag)
                 for instance, invocation in command.invocations.items()
                 if filters.admit_instance(instance) and filters.status in (None, invocation.status())]
        entries = [*listing.strangers(self.strangers), *known]
        return self._lists.page(body, region, entries, "CommandInvocations",
                                lambda one: one if isinstance(one, dict) else listing.describe(one, details))

    def DescribeInstanceInformation(self, body: dict, region: str) -> dict:
        wanted = {value for one in body.get("Filters", []) if one["Key"] == "InstanceIds" for value in one["Values"]}
        hosts = [host for host in self.hosts.values()
                 if host.region == region and (not wanted or host.instance_id in wanted)]
        start = int(body.get("NextToken", "0"))
        end = start + body.get("MaxResults", 50)
        return {"InstanceInformationList": [
            {"InstanceId": host.instance_id, "PingStatus": "Online" if host.online else "ConnectionLost",
             "PlatformType": "Linux", "PlatformName": "Ubuntu", "PlatformVersion": "22.04",
             "ResourceType": "EC2Instance"} for host in hosts[start:end]
        ]} | ({"NextToken": str(end)} if end < len(hosts) else {})


def _json(status: int, body: dict) -> Answer:
    return Answer(status, json.dumps(body).encode(),
                  {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": str(uuid.uuid4())})


def _failure(problem: ServiceError) -> Answer:
    """Modelled errors name their text as the model does: some `Message`, some `message`."""
    shape = next((one for one in _MODEL.error_shapes if one.name == problem.code), None)
    key = next((name for name in shape.members if name.lower() == "message"), "message") if shape else "message"
    return _json(problem.status, {"__type": problem.code, key: problem.message})
