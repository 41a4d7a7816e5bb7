"""The services' models as botocore has them, pinned in scripts/requirements.txt."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel

from .shapes import Kind, Problem, problems

JSON = {"1.0": "application/x-amz-json-1.0", "1.1": "application/x-amz-json-1.1"}


@cache
def model(service: str) -> ServiceModel:
    """By botocore's name for it: ssm, stepfunctions, events, lambda, s3."""
    return botocore.session.Session().get_service_model(service)


def request_problems(service: str, operation: str, content_type: str, body: bytes) -> list[Problem]:
    """What is wrong with a call of a service that speaks JSON."""
    known = model(service)
    if operation not in known.operation_names:
        return [Problem(Kind.RULE, "X-Amz-Target", f"{service} has no operation {operation}")]
    wanted = JSON[known.metadata["jsonVersion"]]
    wrong = [] if content_type == wanted else [Problem(Kind.TYPE, "Content-Type", f"{content_type!r} is not {wanted}")]
    try:
        value = json.loads(body)
    except ValueError as error:
        return [*wrong, Problem(Kind.TYPE, "", f"no JSON: {error}")]
    return wrong + value_problems(service, operation, value)


def value_problems(service: str, operation: str, value: Any) -> list[Problem]:
    """What is wrong with an operation's input as JSON."""
    shape = model(service).operation_model(operation).input_shape
    return list(problems(value, shape)) if shape is not None else []


def answer_problems(service: str, operation: str, value: Any) -> list[Problem]:
    """What is wrong with what a successful call was answered."""
    shape = model(service).operation_model(operation).output_shape
    return list(problems(value, shape, is_answer=True)) if shape is not None else []


def refusal(found: Iterable[Problem]) -> tuple[str, str]:
    """The error's code and text with which AWS answers a call that breaks the model."""
    listed = list(found)
    unreadable = next((problem for problem in listed if problem.kind is Kind.TYPE), None)
    if unreadable:
        return Kind.TYPE.value, str(unreadable)
    errors = "error" if len(listed) == 1 else "errors"
    return Kind.RULE.value, f"{len(listed)} validation {errors} detected: {'; '.join(p.text for p in listed)}"
