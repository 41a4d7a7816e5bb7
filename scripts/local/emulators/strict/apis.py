"""API Gateway's patience and its largest request: an integration has its `timeoutInMillis` (29 s unless it says otherwise), then
the caller gets 504 while the function goes on; a body above 10 MB is refused. Both answers are gateway responses, so they have
the header fields that the API gives to those.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html;
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import asyncio
from types import ModuleType
from typing import Any

from ...contract.quotas import REQUEST


def install(apis: ModuleType) -> None:
    invoke = apis._invoke_lambda_proxy_v1
    # The loop itself keeps no task that nobody waits for.
    going_on: set[asyncio.Task[Any]] = set()

    async def invoked(integration: dict[str, Any], api: str, stage: str, config: Any, resource: Any, path: str, method: str,
                      headers: Any, body: bytes, *rest: Any, **more: Any) -> Any:
        if len(body or b"") > REQUEST:
            return apis._gw_error("REQUEST_TOO_LARGE", f"HTTP content length exceeded {REQUEST} bytes.")
        task = asyncio.ensure_future(invoke(integration, api, stage, config, resource, path, method, headers, body, *rest, **more))
        going_on.add(task)
        task.add_done_callback(going_on.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(task), int(integration["timeoutInMillis"]) / 1000)
        except TimeoutError:
            return apis._gw_error("INTEGRATION_TIMEOUT", "Endpoint request timed out")

    apis._invoke_lambda_proxy_v1 = invoked
