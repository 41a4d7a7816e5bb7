"""Plans of routers on paper: what a phase would change, in the words of its script, and nothing changed."""

from ..vyos import tree

MASKED = "******"
SECRET_NODE = "pre-shared-secret"
CONTAINER = "sdwan: plan: the router is {}\n"


def lines(now: tree.Tree, wanted: tree.Tree) -> list[str]:
    """`- PATH` deletes, of what goes the first node; `+ PATH` sets; `~ PATH` is another secret."""
    before, after = _leaves(now), _leaves(wanted)
    gone, changed = [], []
    for path in before:
        first = next((path[:length] for length in range(1, len(path) + 1) if not tree.exists(wanted, list(path[:length]))), None)
        if first is not None and first not in gone and not (_is_secret(path) and first == path):
            gone.append(first)
    for path in after:
        if not tree.exists(now, list(path)):
            is_other = _is_secret(path) and tree.exists(now, list(path[:-1]))
            changed.append(f"{'~' if is_other else '+'} {_shown(path)}")
    return [f"- {_shown(path)}" for path in gone] + changed


def slice_of(told: list[str], first: int, most: int) -> list[str]:
    """The lines from the first one on, counted from 1, as plan.sh tells them."""
    return told[first - 1:first - 1 + most]


def _leaves(of: tree.Tree, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [leaf for word in sorted(of) for leaf in (_leaves(of[word], (*path, word)) or [(*path, word)])]


def _is_secret(path: tuple[str, ...]) -> bool:
    return len(path) > 1 and path[-2] in (SECRET_NODE, "secret")


def _shown(path: tuple[str, ...]) -> str:
    return " ".join((*path[:-1], MASKED) if _is_secret(path) else path)
