"""Pages of parameters, kept until a parameter changes.

MiniStack sorts all parameters for each page of ten. Each invocation of a function reads them all, which with a
thousand routers are three hundred pages.
"""

from collections.abc import Awaitable, Callable
from typing import Any

Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Any]]

READ = "AmazonSSM.GetParametersByPath"
CHANGES = ("AmazonSSM.Put", "AmazonSSM.Delete", "AmazonSSM.Label")


class Pages:
    """Systems Manager's handler that gives an unchanged page's answer again; `region` says whose request it is."""

    def __init__(self, handle: Handler, region: Callable[[], str]) -> None:
        self._handle = handle
        self._region = region
        self._pages: dict[tuple[str, bytes], Any] = {}

    async def handle_request(self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        target = headers.get("x-amz-target", "")
        if target.startswith(CHANGES):
            self._pages.clear()
        if target != READ:
            return await self._handle(method, path, headers, body, query)
        key = self._region(), body
        if key not in self._pages:
            self._pages[key] = await self._handle(method, path, headers, body, query)
        status, answered, content = self._pages[key]
        return status, dict(answered), content
