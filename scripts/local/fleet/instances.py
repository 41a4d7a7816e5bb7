"""Which instances exist, what their network cards are, and which of them answer."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import boto3

from ..files import write_atomically
from . import faults
from .sandbox import Sandbox

CARD_NAMES = ("ens5", "ens6", "ens7")
# Its value is the network's name; the router's is that of the tag Name.
TAG = "sdwan"
CACHE_SECONDS = 2.0


@dataclass(frozen=True)
class Instance:
    """A running EC2 instance that is one of ours."""

    id: str
    name: str
    region: str
    private_ip: str
    # The ARN of its instance profile; empty without one.
    profile: str = ""
    # The name of the network that it is of.
    network: str = TAG


class Fleet:
    """The EC2 emulator's instances as hosts."""

    def __init__(self, folder: Path, ec2_endpoint: str) -> None:
        self.folder = folder
        self._endpoint = ec2_endpoint
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, dict[str, Instance]]] = {}
        self._addresses: dict[str, dict[str, str]] = {}

    def online(self, region: str) -> dict[str, Instance]:
        """Instance id → instance, for those whose agent answers in this region."""
        offline = faults.read(self.folder).offline
        return {i: host for i, host in self.instances(region).items() if host.name not in offline}

    def instances(self, region: str) -> dict[str, Instance]:
        with self._lock:
            stamp, known = self._seen.get(region, (0.0, {}))
            if time.monotonic() - stamp > CACHE_SECONDS or not stamp:
                known = self._read(region)
                self._seen[region] = (time.monotonic(), known)
            return known

    def sandbox(self, instance: Instance) -> Sandbox:
        return Sandbox(instance.name, self.folder / "hosts" / instance.name, self.folder / "wire")

    def _read(self, region: str) -> dict[str, Instance]:
        ec2 = boto3.client("ec2", region_name=region, endpoint_url=self._endpoint)
        prefixes = {s["SubnetId"]: s["CidrBlock"].split("/")[1] for s in ec2.describe_subnets()["Subnets"]}
        running = [{"Name": "instance-state-name", "Values": ["running"]}]
        found: dict[str, Instance] = {}
        for page in ec2.get_paginator("describe_instances").paginate(Filters=running):
            for description in (i for r in page["Reservations"] for i in r["Instances"]):
                tags = {t["Key"]: t["Value"] for t in description.get("Tags", [])}
                if TAG not in tags:
                    continue
                id = description["InstanceId"]
                host = Instance(id, tags.get("Name", id), region, description.get("PrivateIpAddress", ""),
                                description.get("IamInstanceProfile", {}).get("Arn", ""), tags[TAG])
                found[host.id] = host
                sandbox = self.sandbox(host)
                sandbox.prepare()
                sandbox.give_cards(self._cards(description, prefixes, region))
        self._addresses[region] = {
            a["PublicIp"]: a["NetworkInterfaceId"]
            for a in ec2.describe_addresses()["Addresses"] if a.get("NetworkInterfaceId")
        }
        merged = {ip: card for region_map in self._addresses.values() for ip, card in region_map.items()}
        write_atomically(self.folder / "wire/elastic-ips.json", merged)
        return found

    @staticmethod
    def _cards(description: dict, prefixes: dict[str, str], region: str) -> dict[str, dict[str, str]]:
        cards: dict[str, dict[str, str]] = {}
        for interface in description.get("NetworkInterfaces", []):
            index = interface.get("Attachment", {}).get("DeviceIndex", 0)
            if index < len(CARD_NAMES):
                cards[CARD_NAMES[index]] = {
                    "id": interface["NetworkInterfaceId"],
                    "region": region,
                    "mac": interface.get("MacAddress", ""),
                    "address": f"{interface['PrivateIpAddress']}/{prefixes[interface['SubnetId']]}",
                }
        return cards
