"""What a phone has to load."""

import gzip
from pathlib import Path


def test_stylesheet_weighs_at_most_8_kb_compressed():
    styles = list((Path(__file__).parents[2] / "static").glob("*.css"))
    assert len(styles) == 3
    assert sum(len(gzip.compress(css.read_bytes(), 9)) for css in styles) <= 8 * 1024
