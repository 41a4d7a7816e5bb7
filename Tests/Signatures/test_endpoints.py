"""Our endpoints beside those of botocore's rules: every service, every region of every partition, every variable."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from typing import Any

import botocore.session
import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

LOADER = botocore.session.Session().get_component("data_loader")
PARTITIONS = LOADER.load_data("partitions")
REGIONS = [region for partition in PARTITIONS["partitions"] for region in partition["regions"] if "global" not in region]
# What our clients call, by its name in endpoints: botocore's name, and the SDKs' in variables.
SERVICES = {"ssm": ("ssm", "SSM"), "s3": ("s3", "S3"), "route53": ("route53", "ROUTE_53"), "eks": ("eks", "EKS"), "ec2": ("ec2", "EC2"),
            "states": ("stepfunctions", "SFN"), "events": ("events", "EVENTBRIDGE"), "lambda": ("lambda", "LAMBDA"),
            "apigateway": ("apigateway", "API_GATEWAY"), "portal.sso": ("sso", "SSO"), "oidc": ("sso-oidc", "SSO_OIDC"),
            "sts": ("sts", "STS"),
            "logs": ("logs", "CLOUDWATCH_LOGS"), "drs": ("drs", "DRS"), "bedrock-runtime": ("bedrock-runtime", "BEDROCK_RUNTIME")}
OVERRIDE = "http://127.0.0.1:4566"


def alike(theirs: str, mine: str, override: str | None) -> bool:
    """With an endpoint of one's own the rules name no region: a gate to Route 53 is signed for as Route 53 is."""
    if theirs == "!":
        return mine.startswith("!")
    return theirs == mine or (override is not None and mine.startswith(f"{override} "))


def ours(places: list[dict[str, Any]]) -> list[str]:
    lines = "".join(json.dumps(place) + "\n" for place in places)
    done = subprocess.run([os.environ["SDWAN_SIGNER"], "endpoints"], input=lines, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def botocores(service: str, region: str, fips: bool, dual: bool, override: str | None) -> str:
    rules = LOADER.load_service_model(SERVICES[service][0], "endpoint-rule-set-1")
    parameters: dict[str, Any] = {"Region": region, "UseFIPS": fips, "UseDualStack": dual}
    if override:
        parameters["Endpoint"] = override
    if service == "s3":
        # As our client asks: the bucket in the path, the region's own endpoint.
        parameters |= {"Bucket": "bucket", "ForcePathStyle": True, "Accelerate": False, "UseGlobalEndpoint": False,
                       "DisableMultiRegionAccessPoints": False}
    try:
        found = EndpointProvider(rules, PARTITIONS).resolve_endpoint(**parameters)
    except EndpointProviderError:
        return "!"
    schemes = found.properties.get("authSchemes", [])
    signed_for = next((scheme["signingRegion"] for scheme in schemes if "signingRegion" in scheme), region)
    return f"{found.url.removesuffix('/bucket')} {signed_for}"


def test_every_region_of_every_partition(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(PARTITIONS["partitions"]) >= 8 and {"eusc-de-east-1", "us-isof-south-1", "cn-north-1"} <= set(REGIONS)
    cases = list(itertools.product(SERVICES, REGIONS, (False, True), (False, True), (None, OVERRIDE)))
    places = []
    for service, region, fips, dual, override in cases:
        variables = {"AWS_USE_FIPS_ENDPOINT": str(fips).lower(), "AWS_USE_DUALSTACK_ENDPOINT": str(dual).lower()}
        if override:
            variables[f"AWS_ENDPOINT_URL_{SERVICES[service][1]}"] = override
        places.append({"service": service, "id": SERVICES[service][1], "region": region, "environment": variables})
    different = [(case, theirs, mine) for case, mine in zip(cases, ours(places), strict=True)
                 if not alike(theirs := botocores(*case), mine, case[-1])]
    with capsys.disabled():
        print(f"\nendpoints: {len(cases)} compared, {len(cases) - len(different)} alike")
    assert not different, different[:5]


@pytest.mark.parametrize("region", ["us-east-1.evil/", "evil.example/#", "us-east-1@evil", "", "us-east-1 "])
def test_what_is_no_region_goes_nowhere(region: str) -> None:
    assert ours([{"service": "ssm", "id": "SSM", "region": region, "environment": {}}]) == ["!no region"]
