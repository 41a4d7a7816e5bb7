"""What the benchmark's own servers give at most, on one connection: what comes near it has measured them."""

from __future__ import annotations

import json
import subprocess

import cases
from downloads import Store
from runs import Function, Lab, SystemsManager

RANGE = 8 << 20
INSTANCE = "i-00000000000000001"
BODIES = {
    "GetParametersByPath": {"Path": "/sdwan", "MaxResults": 10, "Recursive": True},
    "SendCommand of 12 KB": {"DocumentName": "AWS-RunShellScript", "InstanceIds": [INSTANCE], "Parameters": {"commands": ["x" * 12_000]}},
    "GetCommandInvocation": {"CommandId": "00000000-0000-4000-8000-000000000000", "InstanceId": INSTANCE},
    "ListCommandInvocations of 50": {"Details": True, "MaxResults": 50},
}


def measure(lab: Lab, requests: int) -> dict[str, str]:
    return _systems_manager(lab, requests) | _runtime_api(lab, requests) | _store(lab, requests // 20)


def _asked(lab: Lab, port: int, request: str, count: int) -> float:
    file = lab.work / "ceiling.request"
    file.write_text(request, newline="")
    done = subprocess.run([lab.tool("load"), str(port), str(count), file], stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def _systems_manager(lab: Lab, requests: int) -> dict[str, str]:
    fleet_file, _ = cases.prepared(lab, "phase2", 100)
    facts = {}
    with SystemsManager(lab, fleet_file, 0) as ssm:
        for name, body in BODIES.items():
            text = json.dumps(body, separators=(",", ":"))
            request = (f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSSM.{name.split()[0]}\r\nAuthorization: AWS4-HMAC-SHA256 "
                       f"Credential=A/20260101/us-east-1/ssm/aws4_request\r\nContent-Length: {len(text)}\r\n\r\n{text}")
            facts[f"the benchmark's own Systems Manager, {name}"] = f"{_asked(lab, ssm.port, request, requests):,.0f} a second"
    return facts


def _runtime_api(lab: Lab, requests: int) -> dict[str, str]:
    echo = lab.run(Function("socket", (lab.tool("echo-socket"),)), b'"x"', requests)
    return {"the benchmark's own Runtime API, invocations": f"{1e6 / echo['warm_us']:,.0f} a second"}


def _store(lab: Lab, requests: int) -> dict[str, str]:
    with Store(lab) as url:
        request = f"GET /bucket/key HTTP/1.1\r\nHost: x\r\nRange: bytes=0-{RANGE - 1}\r\n\r\n"
        each = _asked(lab, int(url.rsplit(":", 1)[1]), request, requests)
    return {"the benchmark's own S3": f"{each * RANGE / 1e9:,.2f} GB a second"}
