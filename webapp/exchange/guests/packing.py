"""How the rows of a list wait in the database: JSON, compressed."""

import json
import zlib

from webapp.exchange.guests.rules.tables import Line, Table

FAST = 1


def pack(table: Table) -> bytes:
    """Return a table as bytes."""
    rows = [[line.number, line.cells] for line in table.lines]
    text = json.dumps([table.encoding, table.separator, rows], ensure_ascii=False)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), FAST)


def unpack(content: bytes) -> Table:
    """Return the table that was packed."""
    text = zlib.decompress(content).decode("utf-8", "surrogatepass")
    encoding, separator, rows = json.loads(text)
    return Table([Line(number, tuple(cells)) for number, cells in rows], encoding, separator)
