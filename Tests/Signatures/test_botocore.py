"""Our signatures beside botocore's, step by step. SDWAN_SIGNER is the built Tests/Signer."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import time
from typing import Any

import generator
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

COUNT = 1200
SEED = int(os.environ.get("SDWAN_TEST_SEED") or random.randrange(2**32))


def botocores(job: dict[str, Any]) -> dict[str, str]:
    """The same four texts, by the steps of botocore's add_auth at the job's time."""
    kind = SigV4Auth if job["normalizesPath"] else S3SigV4Auth
    signer = kind(Credentials(job["accessKeyID"], job["secretAccessKey"], job["sessionToken"]),
                  job["service"], job["region"])
    url = f"https://host{job['path']}" + (f"?{job['query']}" if job["query"] else "")
    request = AWSRequest(method=job["method"], url=url, data=base64.b64decode(job["body"]))
    for name, value in job["headers"]:
        request.headers[name] = value  # adds, also where the name is there already
    request.context["timestamp"] = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(job["time"]))
    signer._modify_request_before_signing(request)
    canonical = signer.canonical_request(request)
    to_sign = signer.string_to_sign(request, canonical)
    signature = signer.signature(to_sign, request)
    signer._inject_signature_to_request(request, signature)
    return {"canonicalRequest": canonical, "stringToSign": to_sign, "signature": signature,
            "authorization": request.headers["Authorization"]}


def ours(jobs: list[dict[str, Any]]) -> list[dict[str, str]]:
    lines = "".join(json.dumps(with_body_hash(job)) + "\n" for job in jobs)
    done = subprocess.run([os.environ["SDWAN_SIGNER"]], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def with_body_hash(job: dict[str, Any]) -> dict[str, Any]:
    """S3's clients send the body's hash as a header, which botocore adds while it signs."""
    if job["normalizesPath"]:
        return job
    body = AWSRequest(method="PUT", url="http://host/", data=base64.b64decode(job["body"]))
    return {**job, "headers": job["headers"] + [["X-Amz-Content-SHA256", SigV4Auth(None, "s3", "").payload(body)]]}


def test_every_step_is_alike(capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(SEED)
    jobs = [generator.request(rng) for _ in range(COUNT)]
    different = [(job, theirs, mine) for job, mine in zip(jobs, ours(jobs), strict=True)
                 if (theirs := botocores(job)) != mine]
    with capsys.disabled():
        print(f"\nSigV4: {COUNT} requests, {COUNT - len(different)} alike (SDWAN_TEST_SEED={SEED})")
    for job, theirs, mine in different[:1]:
        step = next(step for step in theirs if theirs[step] != mine[step])
        pytest.fail(f"{step} differs\nbotocore: {theirs[step]!r}\nours:     {mine[step]!r}\n"
                    f"of {json.dumps({**job, 'body': len(job['body'])})}")


def test_the_generator_covers_what_it_promises() -> None:
    rng = random.Random(SEED)
    jobs = [generator.request(rng) for _ in range(COUNT)]
    seen = {
        "a session token": any(job["sessionToken"] for job in jobs),
        "no session token": any(not job["sessionToken"] for job in jobs),
        "a name twice among the headers": any(
            len({name.lower() for name, _ in job["headers"]}) < len(job["headers"]) for job in jobs),
        "a value of several lines": any("\n" in value for job in jobs for _, value in job["headers"]),
        "space inside a value": any("  " in value.strip() for job in jobs for _, value in job["headers"]),
        "UTF-8 in a path": any(not job["path"].isascii() for job in jobs),
        "UTF-8 in a header": any(not value.isascii() for job in jobs for _, value in job["headers"]),
        "dot segments": any("/../" in job["path"] for job in jobs),
        "reserved characters in a query": any("%26" in job["query"] for job in jobs),
        "a path as it is": any(not job["normalizesPath"] for job in jobs),
        "an empty body": any(not job["body"] for job in jobs),
        "a large body": any(len(job["body"]) > 1_000_000 for job in jobs),
    }
    assert all(seen.values()), [what for what, found in seen.items() if not found]
