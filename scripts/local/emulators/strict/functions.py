"""Lambda's limits: 4 KB of environment, 6 MB for a payload and its answer, 1 MB for an event that nobody waits for.

The answer that is too large is Function.ResponseSizeTooLarge, as Lambda's own Runtime API makes it of its 413 (6 MiB and 100
bytes); a payload is refused by Invoke with RequestTooLargeException.
"""

import json
from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json

from ...contract.quotas import ANSWER, ENVIRONMENT, EVENT, PAYLOAD
from .size import size


def install(lambdas: ModuleType) -> None:
    create, update, handle, dispatch = (lambdas._create_function, lambdas._update_config, lambdas.handle_request,
                                        lambdas._execute_function_dispatch)

    async def handled(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        if method == "POST" and path.endswith("/invocations"):
            limit = EVENT if headers.get("x-amz-invocation-type") == "Event" else PAYLOAD
            if len(body) > limit:
                return error_response_json("RequestTooLargeException", f"{len(body)} byte payload is too large for the "
                                           f"invocation; {limit} bytes are allowed", 413)
        return await handle(method, path, headers, body, query)

    def dispatched(*call: Any) -> Any:
        result = dispatch(*call)
        return result if result.get("error") or _size(result.get("body")) <= ANSWER else {
            **result, "error": True, "function_error": "Unhandled", "body": {
                "errorType": "Function.ResponseSizeTooLarge",
                "errorMessage": f"Response payload size exceeded maximum allowed payload size ({ANSWER} bytes)."}}

    lambdas._create_function = lambda data: _refusal(data) or create(data)
    lambdas._update_config = lambda name, data: _refusal(data) or update(name, data)
    lambdas.handle_request, lambdas._execute_function_dispatch = handled, dispatched


def _refusal(data: dict[str, Any]) -> Any:
    variables = (data.get("Environment") or {}).get("Variables") or {}
    if size(variables) <= ENVIRONMENT:
        return None
    return error_response_json(
        "InvalidParameterValueException", "Lambda was unable to configure your environment variables because the environment "
        f"variables you have provided exceeded the 4KB limit. String measured: {json.dumps(variables)}", 400)


def _size(body: Any) -> int:
    if isinstance(body, (bytes, str)):
        return len(body.encode() if isinstance(body, str) else body)
    return size(body)
