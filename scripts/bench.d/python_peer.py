"""Phase 2 for the four standard routers in the way of the system that this project replaces, written afresh.

One router after the other: its parameters, a script, SendCommand, GetCommandInvocation until it has ended. The pauses
between polls are left out. PEER_DISCOVERY=single asks for one parameter at a time, path for all of a region at once.
"""

import os

import boto3

PREFIX = "/sdwan/"
TYPES = ("instance-id", "outside-eip", "outside-private-ip")
# name: region, peer, own VTI address, peer's VTI address, loopback, own ASN, peer's ASN
ROUTERS = {
    "nv-sdwan": ("us-east-1", "nv-branch1", "169.254.100.1", "169.254.100.2", "10.255.0.1", 65001, 65002),
    "nv-branch1": ("us-east-1", "nv-sdwan", "169.254.100.2", "169.254.100.1", "10.255.1.1", 65002, 65001),
    "fra-sdwan": ("eu-central-1", "fra-branch1", "169.254.100.13", "169.254.100.14", "10.255.10.1", 65001, 65002),
    "fra-branch1": ("eu-central-1", "fra-sdwan", "169.254.100.14", "169.254.100.13", "10.255.11.1", 65002, 65001),
}
CLIENTS = {region: boto3.client("ssm", region_name=region) for region in ("us-east-1", "eu-central-1")}
ENDED = {"Success", "Failed", "TimedOut", "Cancelled"}


def read_one_by_one() -> dict:
    values = {}
    for name, (region, *_) in ROUTERS.items():
        for kind in TYPES:
            path = f"{PREFIX}{name}/{kind}"
            values[path] = CLIENTS[region].get_parameter(Name=path)["Parameter"]["Value"]
    return values


def read_by_path() -> dict:
    values = {}
    for client in CLIENTS.values():
        pages = client.get_paginator("get_parameters_by_path").paginate(Path=PREFIX, Recursive=True)
        values |= {one["Name"]: one["Value"] for page in pages for one in page["Parameters"]}
    return values


def script(values: dict, name: str) -> str:
    _, peer, own_vti, peer_vti, loopback, own_asn, peer_asn = ROUTERS[name]
    private_ip = values[f"{PREFIX}{name}/outside-private-ip"]
    peer_eip, peer_ip = values[f"{PREFIX}{peer}/outside-eip"], values[f"{PREFIX}{peer}/outside-private-ip"]
    site = f"vpn ipsec site-to-site peer {peer_eip}"
    neighbor = f"protocols bgp {own_asn} neighbor {peer_vti}"
    lines = [f"interfaces vti vti0 address '{own_vti}/30'", f"interfaces loopback lo address '{loopback}/32'"]
    for group, lifetime in (("ike-group IKE", 28800), ("esp-group ESP", 3600)):
        lines += [f"vpn ipsec {group} lifetime '{lifetime}'", f"vpn ipsec {group} proposal 1 encryption 'aes256'",
                  f"vpn ipsec {group} proposal 1 hash 'sha256'"]
    lines += [
        "vpn ipsec ike-group IKE key-exchange 'ikev2'", "vpn ipsec ike-group IKE proposal 1 dh-group '14'",
        "vpn ipsec esp-group ESP mode 'tunnel'", "vpn ipsec esp-group ESP pfs 'dh-group14'",
        "vpn ipsec ipsec-interfaces interface 'eth0'", f"{site} authentication mode 'pre-shared-secret'",
        f"{site} authentication remote-id '{peer_ip}'", f"{site} connection-type 'initiate'",
        f"{site} ike-group 'IKE'", f"{site} local-address '{private_ip}'", f"{site} vti bind 'vti0'",
        f"{site} vti esp-group 'ESP'", f"protocols bgp {own_asn} parameters router-id '{loopback}'",
        f"{neighbor} remote-as '{peer_asn}'", f"{neighbor} ebgp-multihop '2'", f"{neighbor} update-source '{own_vti}'",
        f"protocols bgp {own_asn} address-family ipv4-unicast network '{loopback}/32'"]
    vbash = "\n".join(["#!/bin/vbash", "source /opt/vyatta/etc/functions/script-template", "configure",
                       *(f"set {line}" for line in lines), "commit", "save", "exit"])
    return "\n".join(["cat > /tmp/vpn.vbash <<'VBASH'", vbash, "VBASH",
                      "lxc file push --mode=0700 /tmp/vpn.vbash router/tmp/vpn.vbash",
                      "lxc exec router -- sg vyattacfg -c /tmp/vpn.vbash"])


def run(client, instance_id: str, text: str) -> dict:
    command = client.send_command(InstanceIds=[instance_id], DocumentName="AWS-RunShellScript", TimeoutSeconds=300,
                                  Parameters={"commands": [text]})["Command"]
    while True:
        state = client.get_command_invocation(CommandId=command["CommandId"], InstanceId=instance_id)
        if state["Status"] in ENDED:
            return {"status": state["Status"], "command_id": command["CommandId"], "instance_id": instance_id,
                    "stdout": state["StandardOutputContent"], "stderr": state["StandardErrorContent"]}


def handler(_event, _context):
    values = read_by_path() if os.environ["PEER_DISCOVERY"] == "path" else read_one_by_one()
    results = {name: run(CLIENTS[region], values[f"{PREFIX}{name}/instance-id"], script(values, name))
               for name, (region, *_) in ROUTERS.items()}
    good = sum(one["status"] == "Success" for one in results.values())
    return {"phase": "phase2", "results": results, "success_count": good, "fail_count": len(results) - good}
