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


@pytest.mark.parametrize("announced", [None, GIB + 1])
def test_a_byte_more(start: Start, s3: FakeS3, announced: int | None) -> None:
    s3.state.objects[KEY] = Object(GIB + 1, tag='"t"')
    producer = start("producer")
    if announced is None:
        status, said = producer.post({"key": KEY})
        assert status == 413 and said["error"] == "FILE_TOO_LARGE"
        assert (said["maxSize"], said["actualSize"]) == (GIB, GIB + 1)
    else:
        record = {"s3": {"object": {"key": KEY, "size": announced}}}
        assert producer.invoke({"Records": [record]}).response[0]["error"] == "FILE_TOO_LARGE"
        assert s3.state.heads == 0
    assert s3.state.gets == 0
