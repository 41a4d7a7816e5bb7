"""Who is let in to the emulators: programs of this run, by the address that they were given, and no web page.

Whether a signature is right is for the emulators to say. What nobody has signed, because AWS asks for no signature there
either, is only let in from programs of the same user.

A browser can be made to call a port of the loopback by any page that it shows. What it sends says so: an Origin, its
Sec-Fetch-… fields, or, where a name was bound to 127.0.0.1 for the purpose, that name as Host. Nothing of the emulators
answers a page, and nothing tells a browser that it may read an answer.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from .neighbors import is_own

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsyncApp = Callable[[Message, Receive, Send], Awaitable[None]]
Environment = dict[str, Any]
App = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

ORIGINS_SIGNS = ("origin", "access-control-request-method")
BROWSERS_PREFIX = "sec-fetch-"
# What tells a browser that a page may read an answer.
PERMISSION = "access-control-"
OWN_PAGES = ("/_", "/moto-api", "/health")
REFUSED = b"<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
# A function's answer through API Gateway: what it lets pages do it says itself.
OWN_API = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_/")
UNSIGNED = "MissingAuthenticationToken", "Request is missing Authentication Token"


def strangeness(headers: Mapping[str, str], port: int) -> str | None:
    """Why a request can't be one of our programs'; None where it may be. Names of headers are in lower case."""
    if headers.get("host", "") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        return "It was sent to another host"
    for name in headers:
        if name in ORIGINS_SIGNS or name.startswith(BROWSERS_PREFIX):
            return "It comes from a web page"
    return None


def refusal(path: str, headers: Mapping[str, str], port: int, open_pages: tuple[str, ...] = ()) -> tuple[str, str] | None:
    """A code and a message for a request that nobody of ours sends; None for all others."""
    if strange := strangeness(headers, port):
        return "AccessDenied", strange
    # An emulator's own pages reset it, show all that it holds and hand out code, to anybody.
    if path not in open_pages and path.startswith(OWN_PAGES):
        return "AccessDenied", "Emulators' own pages are closed"
    return None


def is_signed(headers: Mapping[str, str], query: str) -> bool:
    return "Credential=" in headers.get("authorization", "") or "X-Amz-Credential=" in query


class AsyncDoor:
    """An ASGI application in front of another one."""

    def __init__(self, app: AsyncApp, port: int, open_pages: tuple[str, ...]) -> None:
        self._app = app
        self._port = port
        self._open_pages = open_pages

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = refusal(scope["path"], headers, self._port, self._open_pages)
        if scope["type"] != "http":
            refused = "AccessDenied", "Nothing is spoken but HTTP"
        elif refused is None and not is_signed(headers, scope.get("query_string", b"").decode("latin-1")):
            refused = None if is_own(self._port, scope["client"][1]) else UNSIGNED
        if refused is None:
            await self._app(scope, receive, send if OWN_API.match(scope["path"]) else _without_permission(send))
        elif scope["type"] == "http":
            body = REFUSED % (refused[0].encode(), refused[1].encode())
            await send({"type": "http.response.start", "status": 403,
                        "headers": [(b"content-type", b"text/xml"), (b"content-length", str(len(body)).encode()),
                                    (b"connection", b"close")]})
            await send({"type": "http.response.body", "body": body})
        else:
            await send({"type": "websocket.close", "code": 1008})


def _without_permission(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if "headers" in message:
            message = {**message, "headers": [(name, value) for name, value in message["headers"]
                                              if not name.decode("latin-1").lower().startswith(PERMISSION)]}
        await send(message)

    return pass_on


class Door:
    """A WSGI application in front of another one."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._port = port

    def __call__(self, environment: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        headers = {name[5:].lower().replace("_", "-"): str(value) for name, value in environment.items() if name.startswith("HTTP_")}
        refused = refusal(environment.get("PATH_INFO", ""), headers, self._port)
        if refused is None and not is_signed(headers, environment.get("QUERY_STRING", "")):
            # moto can't cope with a request that nobody has signed.
            refused = UNSIGNED
        if refused is not None:
            body = REFUSED % (refused[0].encode(), refused[1].encode())
            start("403 Forbidden", [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
            return [body]

        def answer(status: str, fields: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [field for field in fields if not field[0].lower().startswith(PERMISSION)], *more)

        return self._app(environment, answer)
