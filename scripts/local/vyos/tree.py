"""A configuration as nested dictionaries, and VyOS's curly text form of it."""

import re
from typing import Any

from .grammar import Grammar, Node, Refused

Tree = dict[str, Any]
FOOTER = re.compile(r"^(//|/\*).*(vyos|vyatta)-config-version:", re.MULTILINE)
RELEASES = {
    "1.3": ("1.3.8", "bgp@2:config-management@1:dhcp-client@1:interfaces@22:ipsec@5:ssh@2:system@21"),
    "1.4": ("1.4.2", "bgp@5:config-management@1:dhcp-client@1:interfaces@32:ipsec@13:ssh@2:system@27"),
    "1.5": ("1.5-rolling", "bgp@5:config-management@1:dhcp-client@1:interfaces@33:ipsec@13:ssh@2:system@28"),
}
WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"{}]+)|([{}])')


def get(tree: Tree, *path: str) -> Tree:
    """The subtree at a path, empty where there is none."""
    for word in path:
        if word not in tree:
            return {}
        tree = tree[word]
    return tree


def value(tree: Tree, *path: str) -> str:
    """The single value at a path, or an empty string."""
    return next(iter(get(tree, *path)), "")


def exists(tree: Tree, path: list[str]) -> bool:
    for word in path:
        if word not in tree:
            return False
        tree = tree[word]
    return True


def insert(grammar: Grammar, tree: Tree, path: list[str]) -> None:
    """Add a checked path; a node of one value loses its old one."""
    node, expects_value = grammar.root, False
    for word in path:
        if expects_value:
            expects_value = False
            if node.kind == "value":
                tree.clear()
        else:
            node = node.children[word]
            expects_value = node.takes_value
        tree = tree.setdefault(word, {})


def remove(tree: Tree, path: list[str]) -> bool:
    """Delete a path and the parents it leaves empty; False if it is not there."""
    if not exists(tree, path):
        return False
    parents = [tree]
    for word in path[:-1]:
        parents.append(parents[-1][word])
    for parent, word in zip(reversed(parents), reversed(path)):
        del parent[word]
        if parent:
            break
    return True


def has_footer(text: str) -> bool:
    """Whether a config.boot names the versions of its syntax."""
    return FOOTER.search(text) is not None


def without_footer(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not FOOTER.match(line))


def render(grammar: Grammar, tree: Tree) -> str:
    """config.boot: the tree, then the footer."""
    release, versions = RELEASES[grammar.version]
    lines = _render(grammar.root, tree, 0)
    lines += ["", "", "// Warning: Do not remove the following line.",
              f'// vyos-config-version: "{versions}"', f"// Release version: {release}"]
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[-\w.:/@|+]+", word) else '"' + word.replace("\\", "\\\\") + '"'


def _render(node: Node, tree: Tree, depth: int) -> list[str]:
    pad, lines = "    " * depth, []
    for name in sorted(tree):
        child = node.children[name]
        if child.kind in ("value", "values"):
            lines += [f"{pad}{name} {_quoted(word)}" for word in tree[name]]
            continue
        entries = tree[name] if child.kind == "tag" else {"": tree[name]}
        for entry, below in entries.items():
            head = f"{pad}{name} {_quoted(entry)}" if entry else pad + name
            inner = _render(child, below, depth + 1)
            lines += [f"{head} {{", *inner, f"{pad}}}"] if inner or child.children else [head]
    return lines


def shown(grammar: Grammar, tree: Tree, path: list[str]) -> str | None:
    """What VyOS shows of a node: what is in it, and of a node of names each with the node's own name; None where the
    release has no such node, and an empty text where nothing is in it."""
    node, expects_value = grammar.root, False
    for word in path:
        if expects_value:
            expects_value = False
        elif word in node.children:
            node = node.children[word]
            expects_value = node.takes_value
        else:
            return None
    below = get(tree, *path)
    if expects_value and below:
        holder = Node("", "node", "")
        holder.children[node.name] = node
        return "".join(f"{line}\n" for line in _render(holder, {node.name: below}, 0))
    return "".join(f"{line}\n" for line in _render(node, below, 0))


def commands(node: Node, tree: Tree, path: str = "set") -> str:
    """The tree as `show configuration commands` has it: values quoted, names not."""
    text = ""
    for name in sorted(tree):
        child, here = node.children[name], f"{path} {name}"
        if child.kind in ("value", "values"):
            text += "".join(f"{here} '{word}'\n" for word in tree[name])
            continue
        for entry, below in (tree[name] if child.kind == "tag" else {"": tree[name]}).items():
            whole = f"{here} {entry}" if entry else here
            text += commands(child, below, whole) or f"{whole}\n"
    return text


def parse(grammar: Grammar, text: str) -> tuple[Tree, list[str]]:
    """A config.boot as a tree, and a complaint for each line that this release does not know."""
    tree: Tree = {}
    complaints: list[str] = []
    stack: list[int | None] = []
    path: list[str] = []
    for line in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).splitlines():
        if line.lstrip().startswith("//"):
            continue
        words = [q.replace("\\\\", "\\") if q or not (w or b) else w or b for q, w, b in WORDS.findall(line)]
        if words == ["}"] and stack:
            del path[stack.pop():]
        elif words:
            opens = words[-1] == "{"
            here = path + (words[:-1] if opens else words)
            try:
                grammar.check(here)
                insert(grammar, tree, here)
            except Refused as refusal:
                complaints.append(str(refusal))
            if opens:
                stack.append(len(path))
                path = here
    return tree, complaints
