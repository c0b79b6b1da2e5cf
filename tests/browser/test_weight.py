"""What a phone has to load."""

import gzip
from pathlib import Path


def test_stylesheet_weighs_at_most_8_kb_compressed():
    css = Path(__file__).parents[2] / "static" / "bowline.css"
    assert len(gzip.compress(css.read_bytes(), 9)) <= 8 * 1024
