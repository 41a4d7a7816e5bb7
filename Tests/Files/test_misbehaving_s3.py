"""An S3 that misbehaves in the middle of an object (F3, F7, F8): the file is the object in the end, or there is none and a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Start
from fake_s3 import ERROR, FakeS3, Object, Trouble
from fakes.server import Answer, Request
from mounted import leftovers

SIZE = (9 << 20) + 12_345
KEY = "models/m.bin"


def at(number: int, change: Callable[[Request, Answer], Answer]) -> Trouble:
    """Something happens to one GET."""
    return lambda request, answer, nth: change(request, answer) if nth == number else answer


def ingest(start: Start, s3: FakeS3, trouble: Trouble | None = None, **environment: str) -> tuple[int, dict]:
    s3.state.objects.setdefault(KEY, Object(SIZE))
    s3.state.trouble = trouble
    return start("producer", **environment).post({"key": KEY})


def expect_whole(answer: tuple[int, dict], s3: FakeS3, efs: Path) -> None:
    assert answer[0] == 200, answer
    assert hashlib.sha256((efs / KEY).read_bytes()).hexdigest() == s3.state.objects[KEY].digest("sha256")
    assert leftovers(efs) == []


# How many bytes of an answer's body have come when the connection breaks; the last but one of a part among them.
@pytest.mark.parametrize("count", [0, 1, 16_383, 16_384, 1 << 20, (4 << 20) - 1])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_connection_that_breaks(start: Start, s3: FakeS3, efs: Path, count: int, number: int) -> None:
    expect_whole(ingest(start, s3, at(number, lambda _, answer: replace(answer, cut=min(count, len(answer.body) - 1)))), s3, efs)
    assert s3.state.gets == 4


def test_it_goes_on_from_where_it_broke(start: Start, s3: FakeS3, efs: Path) -> None:
    asked: list[str] = []

    def broken(request: Request, answer: Answer, number: int) -> Answer:
        if number:
            asked.append(request.headers["Range"])
        return replace(answer, cut=5000) if request.headers.get("Range") == "bytes=4194304-8388607" else answer

    expect_whole(ingest(start, s3, broken), s3, efs)
    assert "bytes=4199304-8388607" in asked


@pytest.mark.parametrize("end", [
    {"reset": True}, {"leave": True}, {"cut_head": 0.5}, {"cut_head": 0.99}, {"chunked": True, "cut": 100_000},
    {"pieces": 40, "pause": 0.02}, {"hang_up": True}], ids=str)
def test_other_ends(start: Start, s3: FakeS3, efs: Path, end: dict) -> None:
    expect_whole(ingest(start, s3, at(2, lambda _, answer: replace(answer, **end))), s3, efs)


def test_it_breaks_each_time(start: Start, s3: FakeS3, efs: Path) -> None:
    answer = ingest(start, s3, lambda _, answer, number: replace(answer, cut=min(700_000, len(answer.body))) if number else answer)
    expect_whole(answer, s3, efs)


@pytest.mark.parametrize("status, code", [(500, "InternalError"), (503, "SlowDown"), (502, "")])
def test_an_error_once(start: Start, s3: FakeS3, efs: Path, status: int, code: str) -> None:
    expect_whole(ingest(start, s3, at(2, lambda *_: Answer(status, ERROR.format(code).encode()))), s3, efs)


def test_the_whole_object_instead_of_a_part_broken_off(start: Start, s3: FakeS3, efs: Path) -> None:
    """Red until an answer's beginning was kept with its head."""
    whole = s3.state.objects.setdefault(KEY, Object(SIZE))

    def other(_: Request, answer: Answer) -> Answer:
        return Answer(200, whole.part(0, whole.size - 1), {"ETag": whole.tag}, chunked=True, cut=100_000)

    expect_whole(ingest(start, s3, at(2, other)), s3, efs)


@pytest.mark.parametrize("place", ["bytes 0-4194303/9449529", "bytes 4194304-8388607/*", "pages 1-2/3", ""])
def test_a_place_that_was_not_asked_for(start: Start, s3: FakeS3, efs: Path, place: str) -> None:
    def other(_: Request, answer: Answer) -> Answer:
        return replace(answer, headers={**answer.headers, "Content-Range": place})

    expect_whole(ingest(start, s3, at(2, other)), s3, efs)


def test_always_the_whole_object(start: Start, s3: FakeS3, efs: Path) -> None:
    whole = s3.state.objects.setdefault(KEY, Object(SIZE))
    status, said = ingest(start, s3, lambda _, answer, number: Answer(
        200, whole.part(0, SIZE - 1), {"ETag": whole.tag}) if number else answer)
    assert (status, said["error"]) == (500, "S3_FAILED") and not (efs / KEY).exists() and leftovers(efs) == []


def test_a_tag_that_is_not_the_objects(start: Start, s3: FakeS3, efs: Path) -> None:
    def other(_: Request, answer: Answer, number: int) -> Answer:
        return replace(answer, headers={**answer.headers, "ETag": '"other"'}) if number else answer

    status, said = ingest(start, s3, other)
    assert (status, said["error"]) == (500, "S3_FAILED") and not (efs / KEY).exists() and leftovers(efs) == []


def test_another_object_in_the_middle(start: Start, s3: FakeS3, efs: Path) -> None:
    """If-Match tells, and all begins anew: what the file was before is there until then."""
    (efs / "models").mkdir()
    (efs / KEY).write_bytes(b"before")

    def change(_: Request, answer: Answer) -> Answer:
        assert (efs / KEY).read_bytes() == b"before"
        s3.state.objects[KEY] = Object(SIZE - 1_000_000, seed=7)
        return answer

    # More parts than are on their way at once: some are asked for afterwards.
    s3.state.objects[KEY] = Object(6 * 4 << 20)
    expect_whole(ingest(start, s3, at(2, change)), s3, efs)
    assert (efs / KEY).stat().st_size == SIZE - 1_000_000


def test_another_object_each_time(start: Start, s3: FakeS3, efs: Path) -> None:
    def change(_: Request, answer: Answer, number: int) -> Answer:
        if number:
            s3.state.objects[KEY].tag = f'"{number}"'
        return answer

    status, said = ingest(start, s3, change)
    assert (status, said["error"]) == (500, "S3_CHANGED") and leftovers(efs) == []


@pytest.mark.parametrize("at_head", [True, False])
@pytest.mark.parametrize("status, code, answered, error", [
    (403, "AccessDenied", 403, "S3_ACCESS_DENIED"), (404, "NoSuchKey", 404, "S3_NOT_FOUND"), (500, "InternalError", 500, "S3_FAILED")])
def test_a_refusal(start: Start, s3: FakeS3, efs: Path, at_head: bool, status: int, code: str, answered: int, error: str) -> None:
    def refused(_: Request, answer: Answer, number: int) -> Answer:
        if (number == 0) != at_head:
            return answer
        return Answer(status, b"" if at_head else ERROR.format(code).encode())

    got, said = ingest(start, s3, refused)
    assert (got, said["error"]) == (answered, error), said
    assert said["fileId"] and not (efs / KEY).exists() and leftovers(efs) == []


def test_no_object(start: Start, s3: FakeS3) -> None:
    status, said = start("producer").post({"key": "models/none"})
    assert (status, said["error"]) == (404, "S3_NOT_FOUND")


def test_an_archive_that_refuses_is_no_failure(start: Start, s3: FakeS3, efs: Path) -> None:
    (efs / "models").mkdir()
    (efs / "models/m").write_bytes(b"abc")
    consumer = start("consumer", ENABLE_S3_ARCHIVE="true", S3_BUCKET_NAME="bucket")
    status, said = consumer.post({"fileId": "one", "model": "m"})
    assert status == 200 and said["s3Key"] == "outputs/one.result"
    assert s3.state.put["outputs/one.result"] == (efs / "outputs/one.result").read_bytes()
    s3.refuse_connections()
    status, said = start("consumer", ENABLE_S3_ARCHIVE="true", AWS_MAX_ATTEMPTS="1").post({"fileId": "two", "model": "m"})
    assert status == 200 and "s3Key" not in said and (efs / "outputs/two.result").exists()
