"""Tables as VyOS's op-mode scripts print them."""

import re

DAY, WEEK = 86_400, 7 * 86_400


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


def natural(row: list[str]) -> list[int | str]:
    """What VyOS sorts rows by: numbers in them count as numbers."""
    return [int(part) if part.isdigit() else part.lower() for part in re.split("([0-9]+)", str(row))]


def human_time(seconds: float) -> str:
    """Time as in `1w2d3h4m5s`, without its zeros: nothing at all in the first second."""
    left, text = max(int(seconds), 0), ""
    for unit, size in (("w", WEEK), ("d", DAY), ("h", 3600), ("m", 60), ("s", 1)):
        if left >= size:
            text += f"{left // size}{unit}"
            left %= size
    return text


def clock_time(seconds: float) -> str:
    """Time as FRR prints it: hh:mm:ss, later 1d02h03m, later 01w2d03h."""
    left = max(int(seconds), 0)
    if left < DAY:
        return f"{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02}"
    if left < WEEK:
        return f"{left // DAY}d{left // 3600 % 24:02}h{left // 60 % 60:02}m"
    return f"{left // WEEK:02}w{left // DAY % 7}d{left // 3600 % 24:02}h"


def split_text(text: str, columns: int = 80) -> list[str]:
    """A description as VyOS breaks it where there is no terminal: what does not fit on the first line is not
    printed, that line is, once more for each word that did not fit."""
    line, lines = "", []
    for word in text.split():
        if len(line) + len(word) < columns:
            line += f" {word}"
        elif line:
            lines.append(line[1:])
        else:
            line = f" {word}"
    return [*lines, line[1:]]
