"""Puts the stand-in for Elastic Disaster Recovery into MiniStack's process; its recovery instances are the EC2 emulator's."""

import asyncio
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3

from ...emulators.credentials import ACCOUNT
from ...emulators.installation import Access
from ...emulators.interference import Interference, Response
from ...fleet.instances import TAG
from .drs import Recovery
from .world import Server, World

WORLD, CALLS = "drs.json", "drs-calls.jsonl"
REGION = "us-east-1"
SCOPE = "/drs/aws4_request"
# A lost answer: what comes in its place is nobody's.
LOST = (503, {"Content-Type": "text/html"}, b"<html></html>")


class Machines:
    """Launches in the EC2 emulator."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def _ec2(self) -> Any:
        return boto3.client("ec2", region_name=REGION, endpoint_url=self._endpoint)

    def launch(self, server: Server) -> str:
        ec2 = self._ec2()
        images = ec2.describe_images(Owners=["099720109477"])["Images"]
        image = next(one["ImageId"] for one in images if one["Architecture"] == "x86_64")
        tags = {TAG: "recovery", "Name": server.hostname, "AWSElasticDisasterRecoveryManaged": "drs.amazonaws.com"}
        made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}])
        instance = made["Instances"][0]["InstanceId"]
        if server.outcome == "stopped":
            ec2.stop_instances(InstanceIds=[instance])
        return instance

    def end(self, instance: str) -> None:
        self._ec2().terminate_instances(InstanceIds=[instance])


def install(app: ModuleType, folder: Path, settings: dict[str, Any], access: Access, interference: Interference) -> None:
    """The world is what the run has written into its folder."""
    from ministack.core import iam_actions

    given = json.loads((folder / WORLD).read_text())
    speed = given.pop("speed")
    machines = Machines(settings["ec2_endpoint"])
    service = Recovery(World.read(given), time.time, speed, REGION, ACCOUNT, machines.launch, machines.end)
    told = 0

    def answer(operation: str, content_type: str, body: bytes) -> Response:
        nonlocal told
        given = service.answer(operation, content_type, body)
        for violation in service.violations[told:]:
            access.broke(violation)
        told = len(service.violations)
        with (folder / CALLS).open("a") as calls:
            calls.write(json.dumps({"operation": operation, "status": given[0] if given else 0, "input": json.loads(body)}) + "\n")
        return given or LOST

    async def handle(_: str, path: str, headers: dict[str, str], body: bytes, __: dict[str, Any]) -> Response:
        operation = path.removeprefix("/")

        async def perform() -> Response:
            return await asyncio.to_thread(answer, operation, headers.get("content-type", ""), body)

        return await interference.around(headers, operation, perform)

    detect = app.detect_service

    def detect_service(method: str, path: str, headers: dict[str, str], query: dict[str, Any]) -> str:
        return "drs" if SCOPE in headers.get("authorization", "") else detect(method, path, headers, query)

    app.detect_service = detect_service
    app.SERVICE_HANDLERS["drs"] = handle
    iam_actions.SERVICE_TO_IAM_NAMESPACE["drs"] = "drs"
    iam_actions._BOTOCORE_SERVICE_MAP["drs"] = ["drs"]
