"""A certificate authority of the tests' own."""

from __future__ import annotations

import subprocess
from pathlib import Path


def authority(folder: Path, name: str) -> tuple[Path, Path]:
    """(CA certificate, file with key and certificate of a server on 127.0.0.1 and localhost)."""
    folder.mkdir(parents=True, exist_ok=True)
    ca_key, ca, key, request, certificate, extensions, pair = (
        folder / f"{name}-{part}" for part in
        ("ca.key", "ca.pem", "server.key", "server.csr", "server.pem", "server.ext", "pair.pem"))
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl("req", "-x509", *new_key, "-keyout", ca_key, "-out", ca, "-days", "2", "-subj", f"/CN=Test CA {name}")
    _openssl("req", *new_key, "-keyout", key, "-out", request, "-subj", "/CN=localhost")
    _openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
             "-extfile", extensions, "-out", certificate)
    pair.write_text(key.read_text() + certificate.read_text())
    return ca, pair


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)
