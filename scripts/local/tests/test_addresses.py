"""Addresses of hosts."""

from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address, ip_network

import pytest

from local.emulators.addresses import KEPT, Addresses


def test_each_is_given_once_to_many_who_ask_at_once() -> None:
    addresses, network = Addresses(), "10.0.0.0/22"
    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(lambda _: addresses.take(network), range(1000)))
    assert len(set(given)) == 1000
    assert all(ip_address(address) in ip_network(network) for address in given)


def test_networks_have_their_own_and_the_first_are_nobody_s() -> None:
    addresses = Addresses()
    assert [addresses.take(n) for n in ("10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/24")] == [
        f"10.0.0.{KEPT + 1}", f"10.0.1.{KEPT + 1}", f"10.0.0.{KEPT + 2}"]


def test_a_full_network() -> None:
    addresses = Addresses()
    assert addresses.take("10.0.0.0/28") == "10.0.0.11"
    for _ in range(3):
        addresses.take("10.0.0.0/28")
    with pytest.raises(LookupError, match="10.0.0.0/28"):
        addresses.take("10.0.0.0/28")
