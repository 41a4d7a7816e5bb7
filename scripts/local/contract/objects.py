"""S3's requests, which are not JSON: which operation it is, and whether its model knows all that was sent."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from .services import model
from .shapes import Kind, Problem, problems

# What every signed request may have, and what AWS's SDKs say of their attempts; S3's operations name the rest.
OF_EVERY_REQUEST = frozenset({"x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-decoded-content-length",
                              "x-amz-trailer"})
# What our programs do with S3, by method.
OPERATIONS = {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject"}
NUMBERS = {"integer": int, "long": int}


def request_problems(method: str, path: str, query: str, headers: dict[str, str]) -> Iterator[Problem]:
    """What is wrong with a call; headers by lower-case names, the bucket in the path."""
    operation = OPERATIONS.get(method)
    if operation is None:
        yield Problem(Kind.RULE, method, f"no program of ours calls S3 with it: {path}")
        return
    shape = model("s3").operation_model(operation).input_shape
    bucket, _, key = path.removeprefix("/").partition("/")
    given: dict[str, Any] = {"Bucket": bucket, "Key": key}
    prefixes = tuple(member.serialization["name"] for member in shape.members.values() if member.serialization.get("location") == "headers")
    named = {(member.serialization.get("location"), member.serialization.get("name", "").lower()): name
             for name, member in shape.members.items()}
    if not key:
        yield Problem(Kind.RULE, "Key", f"{operation} needs one: {path}")
    sent = [("header", name, text) for name, text in headers.items() if name.startswith("x-amz-") and name not in OF_EVERY_REQUEST]
    sent += [("querystring", name, text) for name, text in parse_qsl(query, keep_blank_values=True)]
    for location, name, text in sent:
        if (member := named.get((location, name.lower()))) is not None:
            given[member] = NUMBERS.get(shape.members[member].type_name, str)(text)
        elif not (location == "header" and name.startswith(prefixes)) and (location, name) != ("querystring", "x-id"):
            yield Problem(Kind.RULE, name, f"{operation} has no such {location}")
    yield from problems(given, shape)
