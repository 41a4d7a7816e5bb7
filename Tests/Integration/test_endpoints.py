"""Where the function finds Systems Manager: endpoint variables and certificates."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from certificates import authority
from harness import Lab

CLOSED = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    folder = tmp_path_factory.mktemp("authorities")
    return {name: authority(folder, name) for name in ("ours", "other")}


def use_tls(lab: Lab, pair: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    lab.use_tls(context)


def test_the_endpoint_of_the_service_wins(lab: Lab) -> None:
    function = lab.start("phase1", AWS_ENDPOINT_URL=CLOSED, AWS_ENDPOINT_URL_SSM=lab.ssm.url + "/")
    assert function.invoke().response["success_count"] == 4


def test_tls_with_a_bundle_of_ours(lab: Lab, authorities) -> None:
    use_tls(lab, authorities["ours"][1])
    function = lab.start("phase1", AWS_CA_BUNDLE=str(authorities["ours"][0]))
    assert function.invoke().response["success_count"] == 4
    assert len({call.request.connection for call in lab.ssm.calls}) < len(lab.ssm.calls)


@pytest.mark.parametrize("bundle", ["other", None])
def test_a_certificate_of_a_stranger_is_refused(lab: Lab, authorities, bundle: str | None) -> None:
    use_tls(lab, authorities["ours"][1])
    function = lab.start("phase1", **({"AWS_CA_BUNDLE": str(authorities[bundle][0])} if bundle else {}))
    error = function.invoke().error
    assert error["errorType"] == "AWS.Unreachable" and "certificate" in error["errorMessage"].lower()
    assert not lab.ssm.calls and lab.ssm.broken_connections


def test_a_certificate_for_another_name_is_refused(lab: Lab, authorities) -> None:
    use_tls(lab, authorities["ours"][1])
    url = lab.ssm.url.replace("127.0.0.1", "127.0.0.2")
    function = lab.start("phase1", AWS_ENDPOINT_URL=url, AWS_CA_BUNDLE=str(authorities["ours"][0]))
    assert function.invoke().error["errorType"] == "AWS.Unreachable"
    assert not lab.ssm.calls
