"""A function's environment: Lambda's own variables, and those that the caller gives; nothing of this machine's."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..contract import quotas
from ..emulators.strict.size import size
from .code import Refused

# Lambda's own words for what a variable may be called.
NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
# Lambda sets these from the function's region and role; here the caller says what they are.
OF_REGION_AND_ROLE = {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
# Lambda's, but a function may have its own.
FREE = {"PATH", "LANG", "TZ"}


def given(words: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """What `NAME=VALUE` and `NAME`, which takes the value that it has here, say."""
    variables = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not NAME.fullmatch(name):
            raise Refused(f"--env {name}: Lambda's variables are letters, digits and _, begin with a letter and have two at least")
        if not equals and name not in environment:
            raise Refused(f"--env {name}: it is not set here; --env {name}=VALUE gives it a value")
        variables[name] = value if equals else environment[name]
    own = {name: value for name, value in variables.items() if name not in OF_REGION_AND_ROLE}
    if size(own) > quotas.ENVIRONMENT:
        raise Refused(f"the variables take {size(own)} bytes; Lambda gives a function {quotas.ENVIRONMENT}")
    return variables


def whole(name: str, program: Path, address: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of the function's process. AWS_EXECUTION_ENV is not set for provided.al2023 (developer guide)."""
    lambdas = {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC", "LAMBDA_TASK_ROOT": str(program.parent),
        "LAMBDA_RUNTIME_DIR": "/var/runtime", "_HANDLER": "bootstrap", "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local", "AWS_REGION": "us-east-1"}
    reserved = lambdas.keys() - OF_REGION_AND_ROLE - FREE
    if taken := sorted(reserved & variables.keys()):
        raise Refused(f"--env {taken[0]}: Lambda sets this variable itself")
    merged = {**lambdas, **variables}
    return {"AWS_DEFAULT_REGION": merged["AWS_REGION"], **merged}
