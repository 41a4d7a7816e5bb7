"""MiniStack in this process, its Run Command replaced by hosts of ours.

MiniStack reaches an instance through Docker; here an instance is one of the EC2 emulator's
and has a sandbox behind it. Configuration comes from one JSON file (see start.py).
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ..fleet import paper
from ..fleet.instances import Fleet
from ..fleet.runcommand import CANCELLED, Agents
from ..network_file import HOSTS
from . import runtime_door
from .command_lists import CommandLists
from .door import AsyncDoor
from .installation import Access
from .interference import Interference
from .meter import Meter, watch_functions, watch_states
from .pages import Pages
from .replay import AsyncReplay

DEFAULT_EXECUTION_TIMEOUT = 3600.0
# The one page that anybody may see; nothing of a run is on it.
HEALTH = "/_ministack/health"


class RunCommandSeam:
    """The functions of MiniStack's SSM module that ours stand in for."""

    def __init__(self, ssm: ModuleType, agents: "Agents | paper.PaperAgents", meter: Meter, interference: Interference) -> None:
        self._ssm = ssm
        self._agents = agents
        self._meter = meter
        self._interference = interference
        self._lists = CommandLists(ssm)
        self._handle = Pages(ssm.handle_request, ssm.get_region).handle_request

    def install(self) -> None:
        self._ssm._managed_instance_ids = self.managed_instance_ids
        self._ssm._describe_instance_information = self.describe_instance_information
        self._ssm._finish_invocation = self.finish_invocation
        self._ssm.handle_request = self.handle_request

    def managed_instance_ids(self) -> set[str]:
        return set(self._agents.fleet.online(self._ssm.get_region()))

    def describe_instance_information(self, data: dict[str, Any]) -> Any:
        online = self._agents.fleet.online(self._ssm.get_region())
        wanted = _wanted_ids(data) or set(online)
        entries = [
            {"InstanceId": host.id, "PingStatus": "Online", "LastPingDateTime": self._ssm._now_epoch(),
             "AgentVersion": "3.3.0.0", "IsLatestVersion": True, "PlatformType": "Linux", "PlatformName": "Ubuntu",
             "PlatformVersion": "22.04", "ResourceType": "EC2Instance", "IPAddress": host.private_ip,
             "ComputerName": host.name}
            for host in sorted(online.values(), key=lambda h: h.id) if host.id in wanted
        ]
        return self._ssm.json_response({"InstanceInformationList": entries})

    def finish_invocation(self, command_id: str, instance_id: str, argv: list[str]) -> None:
        """Run one invocation; argv is MiniStack's ["/bin/sh", "-c", TEXT]."""
        ssm = self._ssm
        record = ssm._commands[command_id]
        invocation = record["Invocations"][instance_id]
        invocation.update(Status="InProgress", StatusDetails="InProgress", ExecutionStartDateTime=ssm._now_iso())
        limit = (record["Parameters"].get("executionTimeout") or [DEFAULT_EXECUTION_TIMEOUT])[0]
        host = self._agents.fleet.instances(ssm.get_region())[instance_id]
        outcome = self._agents.run(host, command_id, record["Comment"], argv[2], float(limit))
        invocation.update(ResponseCode=outcome.exit_code, ExecutionEndDateTime=ssm._now_iso(),
                          StandardOutputContent=outcome.stdout[:ssm._STDOUT_LIMIT],
                          StandardErrorContent=outcome.stderr[:ssm._STDERR_LIMIT], StatusDetails=outcome.detail)
        invocation["Status"] = outcome.status  # last: who sees an end also sees the output
        self._roll_up(record)

    async def handle_request(self, method: str, path: str, headers: dict, body: bytes, query: dict) -> Any:
        target = headers.get("x-amz-target", "")
        operation = target.partition(".")[2]
        self._meter.asked(operation)

        async def perform() -> Any:
            if target.endswith(".CancelCommand"):
                return self.cancel_command(json.loads(body))
            if operation in ("ListCommands", "ListCommandInvocations"):
                return self._lists.answer(operation, json.loads(body))
            return await self._handle(method, path, headers, body, query)

        return await self._interference.around(headers, operation, perform)

    def cancel_command(self, data: dict[str, Any]) -> Any:
        command_id = data.get("CommandId", "")
        if command_id not in self._ssm._commands:
            return self._ssm.error_response_json("InvalidCommandId", f"Command {command_id} does not exist", 400)
        invocations = self._ssm._commands[command_id]["Invocations"]
        wanted = data.get("InstanceIds") or list(invocations)
        self._agents.cancel(command_id, [i for i in wanted if i in invocations])
        return self._ssm.json_response({})

    def _roll_up(self, record: dict[str, Any]) -> None:
        self._ssm._refresh_command_status(record)
        statuses = {i["Status"] for i in record["Invocations"].values()}
        if record["Status"] == "Success" and statuses != {"Success"}:
            worst = CANCELLED if CANCELLED in statuses else "TimedOut"
            record.update(Status=worst, StatusDetails=worst)


def _wanted_ids(data: dict[str, Any]) -> set[str]:
    """Instance ids that a DescribeInstanceInformation asks for, by either form of filter."""
    wanted: set[str] = set()
    for entry in data.get("Filters") or []:
        if entry.get("Key") == "InstanceIds":
            wanted |= set(entry.get("Values") or [])
    for entry in data.get("InstanceInformationFilterList") or []:
        if entry.get("key") == "InstanceIds":
            wanted |= set(entry.get("valueSet") or [])
    return wanted


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    os.environ.update(settings["environment"])
    # Read at import time, so imported only now that the environment is set.
    from ministack import app
    from ministack.core import lambda_runtime
    from ministack.services import apigateway_v1, eventbridge, lambda_svc, ssm, stepfunctions

    from .strict.services import make_strict

    folder = Path(settings["folder"])
    access = Access(folder)
    if (folder / HOSTS).exists():
        agents: Agents | paper.PaperAgents = paper.PaperAgents(paper.PaperFleet(folder))
    else:
        agents = Agents(Fleet(folder, settings["ec2_endpoint"]), settings["agent_environment"], access.hosts_key)
    # What is wrong on AWS whoever asks, before who may ask for what.
    make_strict(stepfunctions, eventbridge, ssm, lambda_svc, apigateway_v1)
    access.install(agents.fleet)
    meter, interference = Meter(folder), Interference(folder, access.workers)
    interference.install(lambda_runtime, stepfunctions)
    RunCommandSeam(ssm, agents, meter, interference).install()
    access.watch_handlers()
    watch_functions(lambda_svc, meter)
    watch_states(stepfunctions, meter)
    app.app = AsyncDoor(AsyncReplay(app.app), int(os.environ["GATEWAY_PORT"]), (HEALTH,))
    runtime_door.install()
    for system in settings["systems"]:
        import_module(f"local.systems.{system}.install").install(app, folder, settings, access, interference)
    sys.argv[1:] = []
    try:
        app.main()
    finally:
        agents.stop()
        access.close()


if __name__ == "__main__":
    main()
