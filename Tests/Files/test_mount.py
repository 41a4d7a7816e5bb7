"""What the file system refuses (F10), what names may not reach (F6), many writers at once (F4), and S3's messages (F9)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from conftest import Start
from fake_s3 import ERROR, FakeS3, Object
from fakes.server import Answer
from mounted import MOUNT, everything, leftovers

# Names that lead elsewhere, or nowhere. For Swift a slash with an accent behind it is a letter, for the file system a slash.
BAD_NAMES = ["../x", "/etc/passwd", "a\0b", "", ".", "a/./b", "a//b", "a/", "x" * 256, "a/../../x", "%2e%2e/x", "..%2Fx", "%2Fetc%2Fx",
             "%252e%252e%252fx", "a%00b", "/\u0301x", "a/../\u0301x", "..\u002f\u0301x", ".ingest-x"]


def event(*keys: tuple[str, int]) -> dict:
    return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                         "s3": {"bucket": {"name": "bucket"}, "object": {"key": key, "size": size}}} for key, size in keys]}


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda name: repr(name)[:40])
def test_names_that_are_none(start: Start, s3: FakeS3, efs: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "\u0301x").write_text("nobody's")
    producer, consumer = start("producer"), start("consumer")
    before = everything(tmp_path / "efs"), everything(outside)
    for function, field, body in [(producer, "key", {"key": name}), (producer, "filename", {"data": "x", "filename": name}),
                                  (consumer, "model", {"fileId": "f", "model": name}),
                                  (consumer, "fileId", {"fileId": name, "model": "m"})]:
        status, said = function.post(body)
        assert (status, said["error"]) == (400, "INVALID_REQUEST") and f'"{field}"' in said["message"], (body, said)
    # S3 writes keys as forms do. One that ends with a slash is a folder's marker.
    key = name if name.startswith("/") else f"models/{name}"
    said = producer.invoke(event((quote_plus(key), 1))).response
    assert said == [] if key.endswith("/") else said[0]["error"] == "INVALID_REQUEST", said
    assert (everything(efs), everything(outside)) == before and s3.state.gets == s3.state.heads == 0


def test_links_are_not_followed(start: Start, s3: FakeS3, efs: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "sub").mkdir(parents=True)
    (outside / "secret").write_text("secret")
    (efs / "models").mkdir()
    (efs / "models/folder").symlink_to(outside)
    (efs / "models/secret").symlink_to(outside / "secret")
    (efs / "inputs").symlink_to(outside)
    before = everything(outside)
    producer, consumer = start("producer"), start("consumer")
    s3.state.objects = {"models/folder/new": Object(10), "models/folder/sub/new": Object(10), "models/secret": Object(10)}
    for key in ("models/folder/new", "models/folder/sub/new"):
        assert producer.post({"key": key})[0] == 400
    assert producer.post({"data": "x!", "filename": "new"})[0] == 400
    for model in ("secret", "folder/secret"):
        assert consumer.post({"fileId": "f", "model": model})[0] == 400
    assert everything(outside) == before
    # The name itself is within the mount.
    assert producer.post({"key": "models/secret"})[0] in (200, 400)
    assert everything(outside) == before


def test_a_disk_that_is_full(start: Start, s3: FakeS3, efs: Path) -> None:
    s3.state.objects["models/large"] = Object(20 << 20)
    producer = start("producer", ["--size", str(8 << 20), "--tmpfs", MOUNT])
    status, said = producer.post({"key": "models/large"})
    assert (status, said["error"]) == (500, "EFS_WRITE_FAILED") and "No space" in said["message"]
    # The temporary file is gone: there is room again.
    s3.state.objects["models/small"] = Object(7 << 20)
    assert producer.post({"key": "models/small"})[0] == 200


def test_a_mount_that_is_read_only(start: Start, efs: Path) -> None:
    (efs / "inputs").mkdir()
    status, said = start("producer", ["--ro-bind", str(efs), MOUNT]).post({"data": "x!", "filename": "n"})
    assert (status, said["error"]) == (500, "EFS_WRITE_FAILED") and leftovers(efs) == []


def test_a_result_that_can_not_be_written(start: Start, efs: Path) -> None:
    (efs / "models").mkdir()
    (efs / "models/m").write_bytes(b"abc")
    status, said = start("consumer", ["--ro-bind", str(efs), MOUNT]).post({"fileId": "f", "model": "m"})
    assert (status, said["error"], said["fileId"]) == (500, "EFS_WRITE_FAILED", "f") and leftovers(efs) == []


def test_a_file_that_is_replaced_while_it_is_read(start: Start, s3: FakeS3, efs: Path) -> None:
    """Who reads sees the one or the other, and nobody is told of a failure."""
    contents = [Object(6 << 20, seed=seed) for seed in range(2)]
    producer, consumer = start("producer"), start("consumer")
    s3.state.objects["models/m"] = contents[0]
    assert producer.post({"key": "models/m"})[0] == 200

    def replace(number: int) -> int:
        s3.state.objects["models/m"] = contents[number % 2]
        return producer.post({"key": "models/m"})[0]

    with ThreadPoolExecutor(1) as pool:
        replaced = [pool.submit(replace, number) for number in range(1, 9)]
        answers = []
        while not all(future.done() for future in replaced):
            answers.append(consumer.post({"fileId": "f", "model": "m"}))
    assert {future.result() for future in replaced} | {status for status, _ in answers} == {200}
    assert {said["result"]["checksum"] for _, said in answers} <= {content.digest("sha256") for content in contents}


def test_bodies_that_are_large_and_no_requests(start: Start, efs: Path) -> None:
    """As large as Lambda hands over, in 64 MiB of memory: refused by what they are, and the next request is answered."""
    most = 5 << 20
    bodies = ["[" * most, '{"a":' * (most // 5) + "1" + "}" * (most // 5), '{"key": [' + "1," * (most // 2) + "1]}",
              "{" + ",".join(f'"k{number}":1' for number in range(400_000)) + "}", '{"key": ' + "9" * most + "}",
              '{"key": "' + "x" * most + '"}', '{"key": "models/a", "key": "models/b"}', '{"key": "a\\ud800"}', "true"]
    for role in ("producer", "consumer"):
        function = start(role)
        for body in bodies:
            status, said = function.post(body)
            assert (status, said["error"]) == (400, "INVALID_REQUEST"), (role, body[:40], said)
        assert function.peak() <= 64 << 20
    assert everything(efs) == {}


def test_no_mount(start: Start, s3: FakeS3) -> None:
    s3.state.objects["models/m"] = Object(10)
    producer = start("producer", [])
    for body in ({"data": "x!"}, {"key": "models/m"}):
        status, said = producer.post(body)
        assert (status, said["error"]) == (500, "MOUNT_FAILED"), said
    status, said = start("consumer", []).post({"fileId": "f", "model": "m"})
    assert (status, said["error"]) == (500, "MOUNT_FAILED")


def test_ten_writers_of_one_name(start: Start, s3: FakeS3, efs: Path) -> None:
    """As Lambda has it: ten processes, of objects that change under one key meanwhile, and of contents under one name."""
    contents = [Object(3 << 20, seed=seed) for seed in range(3)]
    whole = {b"".join(content.pieces()) for content in contents}
    writers = [start("producer") for _ in range(10)]
    s3.state.objects["models/m"] = contents[0]
    # Twice: who sees a third change gives up, as it should.
    s3.state.trouble = lambda _, answer, number: s3.state.objects.update({"models/m": contents[number % 3]}) or answer if number in (
        7, 14) else answer
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda writer: writer.post({"key": "models/m"}), writers))
        assert [status for status, _ in answers] == [200] * 10, answers
        assert (efs / "models/m").read_bytes() in whole and leftovers(efs) == []
        texts = [f"the text of writer {number}! " * 1000 for number in range(10)]
        answers = list(pool.map(lambda pair: pair[0].post({"data": pair[1], "filename": "n"}), zip(writers, texts)))
    assert [status for status, _ in answers] == [200] * 10 and len({said["fileId"] for _, said in answers}) == 1
    assert (efs / "inputs/n").read_text() in texts and leftovers(efs) == []


def test_ten_readers(start: Start, efs: Path) -> None:
    (efs / "models").mkdir()
    content = b"".join(Object(5 << 20).pieces())
    (efs / "models/m").write_bytes(content)
    readers = [start("consumer") for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda pair: pair[1].post({"fileId": f"f{pair[0]}", "model": "m"}), enumerate(readers)))
    assert [status for status, _ in answers] == [200] * 10
    assert {said["result"]["checksum"] for _, said in answers} == {Object(5 << 20).digest("sha256")}
    assert json.loads((efs / "outputs/f3.result").read_text())["result"]["fileSize"] == 5 << 20


def test_a_message_of_s3(start: Start, s3: FakeS3, efs: Path) -> None:
    for key in ("models/a bé.pt", "models/x/y/z.pt"):
        s3.state.objects[key] = Object(1000)
    said = start("producer").invoke(event(("models/a+b%C3%A9.pt", 1000), ("models/x/", 0), ("models/x/y/z.pt", 1000))).response
    assert [one["key"] for one in said] == ["models/a bé.pt", "models/x/y/z.pt"]
    assert (efs / "models/a bé.pt").stat().st_size == (efs / "models/x/y/z.pt").stat().st_size == 1000


@pytest.mark.parametrize("status, code, fails", [(403, "AccessDenied", True), (404, "NoSuchKey", False), (500, "InternalError", True)])
def test_a_message_whose_object_is_refused(start: Start, s3: FakeS3, status: int, code: str, fails: bool) -> None:
    s3.state.objects["models/m"] = Object(1000)
    s3.state.trouble = lambda _, answer, number: Answer(status, ERROR.format(code).encode()) if number else answer
    producer = start("producer")
    invocation = producer.invoke(event(("models/m", 1000)))
    assert invocation.failed is fails
    line = next(line for line in producer.logs() if "error" in line)
    assert line["requestId"] == invocation.request_id and line["stage"] == "notification" and line["fileId"]
    assert line["error"].startswith("S3_")
