"""An S3 of one bucket that tells sizes, gives ranges, and misbehaves on demand. Its objects may be larger than memory."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from fakes.server import Answer, FakeServer, Request
from fakes.signature import Identity, ServiceError, verify

from local.contract import objects

BUCKET = "bucket"
RANGE = re.compile(r"bytes=(\d+)-(\d+)")
# No power of two: bytes that are written in a wrong place are wrong bytes.
PERIOD = 1_000_003
ERROR = "<?xml version=\"1.0\"?><Error><Code>{}</Code><Message>on purpose</Message></Error>"


@dataclass
class Object:
    """Bytes that repeat themselves after a million."""

    size: int
    seed: int = 0
    tag: str = ""  # with quotes; else the content's MD5, as S3 has it

    def __post_init__(self) -> None:
        self._block = random.Random(self.seed).randbytes(PERIOD)
        self._endless = self._block * 6
        self.tag = self.tag or f'"{self.digest("md5")}"'

    def part(self, first: int, last: int) -> bytes:
        begin, count = first % PERIOD, last - first + 1
        if begin + count <= len(self._endless):
            return self._endless[begin:begin + count]
        return (self._endless * (count // len(self._endless) + 2))[begin:begin + count]

    def pieces(self) -> Iterator[bytes]:
        for first in range(0, self.size, PERIOD):
            yield self._block[: min(PERIOD, self.size - first)]

    def digest(self, kind: str) -> str:
        digest = hashlib.new(kind)
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()


# Changes the answer to the how manieth GET of an object's bytes.
Trouble = Callable[[Request, Answer, int], Answer]


@dataclass
class _State:
    objects: dict[str, Object] = field(default_factory=dict)
    trouble: Trouble | None = None
    gets: int = 0
    heads: int = 0
    put: dict[str, bytes] = field(default_factory=dict)


class FakeS3(FakeServer):
    """Every request is held against S3's model, and its signature is verified."""

    def __init__(self) -> None:
        self.identity = Identity()
        self.state = _State()
        self.violations: list[str] = []
        super().__init__()

    def reset(self) -> None:
        with self.lock:
            self.state = _State()

    def answer(self, request: Request) -> Answer:
        parts = urlsplit(request.path)
        with self.lock:
            problems = list(objects.request_problems(request.method, unquote(parts.path), parts.query,
                                                     {name.lower(): value for name, value in request.headers.items()}))
            self.violations += [f"{request.method} {request.path}: {problem}" for problem in problems]
        try:
            verify(request, self.url, self.identity, "s3", self.clock_offset)
        except ServiceError as error:
            self.violations.append(str(error))
            return Answer(403, b"" if request.method == "HEAD" else ERROR.format(error.code).encode())
        bucket, _, key = unquote(parts.path).removeprefix("/").partition("/")
        assert bucket == BUCKET
        if request.method == "PUT":
            self.state.put[key] = request.body
            return Answer(200)
        return self._read(request, key, parse_qs(parts.query))

    def _read(self, request: Request, key: str, query: dict[str, list[str]]) -> Answer:
        with self.lock:
            if request.method == "HEAD":
                self.state.heads += 1
            else:
                self.state.gets += 1
            number, found, trouble = self.state.gets, self.state.objects.get(key), self.state.trouble
        answer = self._part(request, found)
        if request.method == "HEAD":
            # The answer's length is that of the body that a GET would have.
            if found is not None and answer.status == 200:
                answer.headers["Content-Length"] = str(found.size)
            answer.body = b""
            return trouble(request, answer, 0) if trouble else answer
        return trouble(request, answer, number) if trouble else answer

    def _part(self, request: Request, found: Object | None) -> Answer:
        if found is None:
            return Answer(404, ERROR.format("NoSuchKey").encode(), {"Content-Type": "application/xml"})
        if request.headers.get("If-Match", found.tag) != found.tag:
            return Answer(412, ERROR.format("PreconditionFailed").encode(), {"Content-Type": "application/xml"})
        if request.method == "HEAD":
            return Answer(200, b"", {"ETag": found.tag})
        wanted = RANGE.fullmatch(request.headers.get("Range", ""))
        assert wanted, "a GET without a Range would be the whole object"
        first, last = int(wanted[1]), min(int(wanted[2]), found.size - 1)
        return Answer(206, found.part(first, last), {"ETag": found.tag, "Content-Range": f"bytes {first}-{last}/{found.size}"})
