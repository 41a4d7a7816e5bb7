"""The table of what plans take."""

from local.network_file import _flaw
from local.plans import Taken, table, topology


def test_an_exponent_is_the_slope_of_the_logarithms() -> None:
    rows = [Taken(10, 2.0, 30, 1.0, 100), Taken(1000, 2.0, 3000, None, None)]
    assert table(rows).splitlines()[2:] == [
        "| 10 | 2.0 | 30 | 1.0 | 100 |", "| 1,000 | 2.0 | 3,000 | – | – |", "| exponent, 10 to 1,000 | 0.00 | 1.00 | – | – |"]


def test_the_network_is_one() -> None:
    network = topology(4000)
    assert len(network["routers"]) == 4000
    assert _flaw(network) is None
    addresses = [end["address"] for tunnel in network["tunnels"] for end in tunnel["ends"]]
    assert len(set(addresses)) == 4000 and len({router["loopback"] for router in network["routers"].values()}) == 4000
