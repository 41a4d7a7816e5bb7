"""Tables as VyOS's op-mode scripts print them."""


def simple(headers: list[str], rows: list[list[str]], right: frozenset[str] = frozenset()) -> str:
    """Columns of plain text, dashes below the headers; a cell may hold several lines."""
    lines = [[cell.split("\n") for cell in row] for row in rows]
    widths = [max([len(h) + 2] + [len(part) for row in lines for part in row[i]]) for i, h in enumerate(headers)]

    def line(cells: list[str]) -> str:
        padded = [c.rjust(w) if h in right else c.ljust(w) for c, w, h in zip(cells, widths, headers)]
        return "  ".join(padded).rstrip()

    printed = [line(headers), "  ".join("-" * w for w in widths)]
    for row in lines:
        for i in range(max(len(cell) for cell in row)):
            printed.append(line([cell[i] if i < len(cell) else "" for cell in row]))
    return "\n".join(printed) + "\n"


def human_time(seconds: float) -> str:
    """Time as in `1h2m3s`."""
    left, text = max(int(seconds), 0), ""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if left >= size:
            text += f"{left // size}{unit}"
            left %= size
    return f"{text}{left}s"


def clock_time(seconds: float) -> str:
    """Time as FRR prints it: hh:mm:ss."""
    left = max(int(seconds), 0)
    return f"{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}"
