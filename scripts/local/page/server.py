"""A page on the loopback that shows a kept run's network and draws it anew every two seconds."""

import json
import secrets
import subprocess
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ..fleet import faults
from ..kept import Kept
from ..tool import PROGRAM, Tool
from .look import look
from .visitor import refusal

HERE = Path(__file__).parent
# Between two looks, which are made only while somebody looks at the page.
FRESH_SECONDS = 2.0
SAFE = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{0}'; connect-src 'self'; base-uri 'none'; form-action 'none'"
# What the tool's picture is drawn from, in the run's folder.
SEEN, NETWORK = "page-seen.json", "page-network.json"


class Scene:
    """The picture of a run's network, never older than it has to be."""

    def __init__(self, lab: Kept, tool: Tool) -> None:
        self._lab = lab
        self._tool = tool
        self._folder = Path(lab.folder)
        self._lock = threading.Lock()
        self._drawn, self._picture = float("-inf"), ""
        (self._folder / NETWORK).write_text(json.dumps({"topology": lab.topology}))

    def picture(self) -> str:
        """SVG, and what is broken on purpose."""
        with self._lock:
            if time.monotonic() - self._drawn >= FRESH_SECONDS:
                self._picture = self._draw()
                self._drawn = time.monotonic()
            return self._picture

    def _draw(self) -> str:
        (self._folder / SEEN).write_text(json.dumps(look(self._lab)))
        words = ["graph", "--format", "svg", "--from", str(self._folder / SEEN), "--topology", str(self._folder / NETWORK)]
        drawn = subprocess.run([PROGRAM, *words], env=self._tool.environment, capture_output=True, text=True, check=False)
        return drawn.stdout if drawn.returncode == 0 else f"<p>{_text(drawn.stderr)}</p>"

    @property
    def broken(self) -> str:
        return ", ".join(faults.read(self._folder).described()) or "nothing"


@dataclass(frozen=True)
class Page:
    """The page, as long as this process lives."""

    address: str
    server: ThreadingHTTPServer

    @classmethod
    def start(cls, lab: Kept, tool: Tool) -> "Page":
        scene, key = Scene(lab, tool), secrets.token_urlsafe(24)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(scene, key))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return cls(f"http://127.0.0.1:{server.server_port}/{key}/", server)


def _text(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _handler(scene: Scene, key: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = self.path.partition("?")[0]
            refused = refusal(self.command, path, headers, self.server.server_address[1], key)
            if refused:
                self._answer(refused[0], "text/plain", refused[1] + "\n")
            elif path == f"/{key}/":
                nonce = secrets.token_urlsafe(16)
                shell = (HERE / "page.html").read_text().replace("NONCE", nonce)
                self._answer(200, "text/html", shell, {"Content-Security-Policy": POLICY.format(nonce)})
            elif path == f"/{key}/network":
                self._answer(200, "application/json", json.dumps({"svg": scene.picture(), "broken": scene.broken}))
            else:
                self._answer(404, "text/plain", "There is nothing here\n")

        do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET

        def _answer(self, status: int, kind: str, text: str, more: dict[str, str] | None = None) -> None:
            body = text.encode()
            self.send_response(status)
            for name, value in {**SAFE, **(more or {}), "Content-Type": f"{kind}; charset=utf-8",
                                "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: the key is in every line."""

    return Handler
