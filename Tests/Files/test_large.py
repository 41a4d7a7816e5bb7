"""A gibibyte through both functions (F7): streamed, in little memory; a byte more is refused before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Start
from fake_s3 import FakeS3, Object

GIB = 1 << 30
MEMORY = 64 << 20
KEY = "models/large"


def test_a_gibibyte(start: Start, s3: FakeS3, efs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    s3.state.objects[KEY] = Object(GIB)
    producer, consumer = start("producer"), start("consumer")
    status, said = producer.post({"key": KEY})
    assert status == 200 and said["sizeBytes"] == GIB, said
    status, read = consumer.post({"fileId": "f", "model": KEY})
    assert status == 200 and read["result"]["checksum"] == s3.state.objects[KEY].digest("sha256")
    peaks = {"producer": producer.peak(), "consumer": consumer.peak()}
    with capsys.disabled():
        print("\npeak memory: " + ", ".join(f"{name} {peak / 2**20:.1f} MiB" for name, peak in peaks.items()))
    assert max(peaks.values()) <= MEMORY
    # What API Gateway gave up waiting for is there when it is asked for again, and nothing is read twice.
    gets = s3.state.gets
    assert producer.post({"key": KEY})[0] == 200 and s3.state.gets == gets
    (efs / KEY).unlink()


def test_beyond_four_and_five_gibibytes(start: Start, efs: Path) -> None:
    """No number of 32 bits is in the way. The file has holes, which read as zeros, and a byte at its end."""
    (efs / "models").mkdir()
    with (efs / "models/holes").open("wb") as file:
        file.seek(5 * GIB)
        file.write(b"\1")
    status, said = start("consumer").post({"fileId": "f", "model": "holes"})
    assert status == 200 and said["result"]["fileSize"] == 5 * GIB + 1
    assert (said["result"]["uniqueBytes"], said["result"]["mostCommonByte"]) == (2, 0)


@pytest.mark.parametrize("size", [GIB + 1, (5 << 30) + 1, 5 << 40])
@pytest.mark.parametrize("is_announced", [False, True])
def test_a_byte_more(start: Start, s3: FakeS3, size: int, is_announced: bool) -> None:
    s3.state.objects[KEY] = Object(size, tag='"t"')
    producer = start("producer")
    if is_announced:
        record = {"s3": {"object": {"key": KEY, "size": size}}}
        assert producer.invoke({"Records": [record]}).response[0]["error"] == "FILE_TOO_LARGE"
        assert s3.state.heads == 0
    else:
        status, said = producer.post({"key": KEY})
        assert status == 413 and said["error"] == "FILE_TOO_LARGE"
        assert (said["maxSize"], said["actualSize"]) == (GIB, size)
    assert s3.state.gets == 0
