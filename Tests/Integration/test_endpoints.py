"""Where the function finds Systems Manager: endpoint variables and certificates."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from certificates import authority
from harness import Function, Lab

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
    lab.ssm.wait_broken_connection()
    assert not lab.ssm.calls


def test_a_certificate_for_another_name_is_refused(lab: Lab, authorities) -> None:
    use_tls(lab, authorities["ours"][1])
    url = lab.ssm.url.replace("127.0.0.1", "127.0.0.2")
    function = lab.start("phase1", AWS_ENDPOINT_URL=url, AWS_CA_BUNDLE=str(authorities["ours"][0]))
    assert function.invoke().error["errorType"] == "AWS.Unreachable"
    assert not lab.ssm.calls


def test_no_keys_of_tls_are_written(lab: Lab, authorities, tmp_path: Path) -> None:
    use_tls(lab, authorities["ours"][1])
    keys = tmp_path / "keys"
    function = lab.start("phase1", AWS_CA_BUNDLE=str(authorities["ours"][0]), SSLKEYLOGFILE=str(keys))
    assert function.invoke().response["success_count"] == 4
    assert not keys.exists() or not keys.read_bytes()


def everything(function: Function) -> str:
    """What the function says to anybody."""
    reports = [call.body.decode() + str(call.headers) for call in function.runtime.calls if call.method == "POST"]
    return "\n".join(reports + function.bootstrap.logs())


@pytest.mark.parametrize("url", ["http://user:hidden@127.0.0.1:1", "user:hidden@127.0.0.1", "http://127.0.0.1:1/?hidden",
                                 "ftp://user:hidden@127.0.0.1"])
def test_no_password_of_an_endpoint_is_shown(lab: Lab, url: str) -> None:
    function = lab.start("phase1", AWS_ENDPOINT_URL=url)
    function.runtime.wait_init_error()
    assert function.bootstrap.wait() != 0
    assert "AWS_ENDPOINT_URL" in everything(function) and "hidden" not in everything(function)


@pytest.mark.parametrize("proxy", ["http://user:hidden@127.0.0.1:1", "nonsense://user:hidden@127.0.0.1:1",
                                   "http://user:hidden@127.0.0.1:port", "http://user:hidden@nowhere.invalid:1",
                                   "http://user:hid@den@:hidden", "user:hidden"])
def test_no_password_of_a_proxy_is_shown(lab: Lab, proxy: str) -> None:
    function = lab.start("phase1", http_proxy=proxy)
    assert function.invoke().error["errorType"] == "AWS.Unreachable"
    assert "hidden" not in everything(function) and not lab.ssm.calls


def test_configured_endpoints_can_be_ignored(lab: Lab) -> None:
    proxy = lab.ssm.url.replace("127.0.0.1", "user:hidden@127.0.0.1")
    function = lab.start("phase1", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true", https_proxy=proxy, AWS_MAX_ATTEMPTS="1")
    error = function.invoke().error
    assert error["errorType"] == "AWS.Unreachable" and ".amazonaws.com" in error["errorMessage"]
    assert "hidden" not in everything(function)
