"""Figures as an aligned table and as JSON."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of a measuring command: each can keep its figures as JSON."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")
    return made


def show(rows: Sequence[dict[str, Any]], *, kept_in: Path | None) -> None:
    """Print rows that have the same columns, and keep them."""
    lines = [list(rows[0]), *([_written(cell) for cell in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip())
    if kept_in:
        kept_in.write_text(json.dumps(rows, indent=2) + "\n")


def _written(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return ", ".join(cell) if isinstance(cell, list | tuple) else str(cell)
