"""Requests of every kind that a signer has to get right, from a seed."""

from __future__ import annotations

import base64
import random
from typing import Any
from urllib.parse import quote

SERVICES = ("ssm", "iam", "sts", "execute-api", "service")
REGIONS = ("us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1")
UNRESERVED = "abcXYZ0189-._~"
RESERVED = "!$&'()*+,;=:@/?#[]% \"<>\\^`{|}"
# Among them combining marks, which join the separator before them to one visible character.
UTF8 = "äß€漢字🛰\u0301\u0308\u200d"
SEGMENTS = ("", ".", "..", "...", "%2E%2e", "%2F", "a", "b", "c.d")


def request(rng: random.Random) -> dict[str, Any]:
    """What Tests/Signer takes. Path and query are as they stand in a URL."""
    normalizes = rng.random() < 0.6
    return {
        "service": rng.choice(SERVICES) if normalizes else "s3",
        "region": rng.choice(REGIONS),
        "normalizesPath": normalizes,
        "time": rng.randrange(0, 4_102_444_800),
        "accessKeyID": "AKIA" + "".join(rng.choices("ABCDEFGHIJ234567", k=16)),
        "secretAccessKey": "".join(rng.choices("abcXYZ0189+/", k=40)),
        "sessionToken": rng.choice((None, "".join(rng.choices("abcXYZ0189+/=", k=rng.choice((8, 400, 2000)))))),
        "method": rng.choice(("GET", "POST", "PUT", "DELETE", "HEAD")),
        "path": path(rng),
        "query": query(rng),
        "headers": headers(rng),
        "body": base64.b64encode(body(rng)).decode(),
    }


def text(rng: random.Random, most: int = 12) -> str:
    """Unreserved, reserved and other characters mixed."""
    alphabet = rng.choice((UNRESERVED, UNRESERVED + RESERVED, UNRESERVED + UTF8, UNRESERVED + RESERVED + UTF8))
    return "".join(rng.choices(alphabet, k=rng.randint(0, most)))


def path(rng: random.Random) -> str:
    segments = [rng.choice(SEGMENTS) if rng.random() < 0.4 else segment(rng) for _ in range(rng.randint(0, 6))]
    return "/" + "/".join(segments)


def segment(rng: random.Random) -> str:
    """Encoded wholly, encoded but for what a path may hold plainly, or UTF-8 as some clients send it."""
    if rng.random() < 0.15:
        return "".join(rng.choices(UNRESERVED + UTF8, k=rng.randint(1, 8)))
    return quote(text(rng), safe=rng.choice(("", "!$&'()*+,;=:@")))


def query(rng: random.Random) -> str:
    names = [quote(text(rng, 5), safe="") or "k" for _ in range(3)]
    # Names come twice, too; one may be the beginning of another, and one may lack its value.
    names += [name + suffix for name in names for suffix in ("", "-", "a", "%20")]
    pairs = []
    for _ in range(rng.choice((0, 1, 2, 5, 9))):
        name, value = rng.choice(names), quote(text(rng), safe=rng.choice(("", "=/:")))
        pairs.append(name if rng.random() < 0.15 else f"{name}={value}")
    return "&".join(pairs)


def headers(rng: random.Random) -> list[list[str]]:
    host = rng.choice(("example.amazonaws.com", "localhost:4566", "ssm.us-east-1.amazonaws.com"))
    found = [[rng.choice(("Host", "host", "HOST")), host]]
    names = ("Content-Type", "X-Amz-Target", "My-Header", "my-header", "MY-HEADER1", "x-amz-meta-a", "X-Amz-Meta-B", "Zz")
    for _ in range(rng.choice((0, 1, 3, 8))):
        found.append([rng.choice(names), value(rng)])
    rng.shuffle(found)
    return found


def value(rng: random.Random) -> str:
    """With space outside, runs of it inside, and lines that go on behind a line break."""
    words = [text(rng, 6) for _ in range(rng.randint(0, 4))]
    joined = "".join(word + rng.choice((" ", "  ", "     ", "\t", "\n ", "\r\n  ", ",")) for word in words)
    return rng.choice(("", " ", "  \t")) + joined


def body(rng: random.Random) -> bytes:
    size = rng.choice((0, 0, 1, 55, 56, 64, 1000, 70_000)) if rng.random() < 0.99 else 2_000_000
    return rng.randbytes(size)
