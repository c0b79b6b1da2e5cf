"""What a phone has to load."""

from pathlib import Path

from webapp.core.assets import Asset

STATIC = Path(__file__).parents[2] / "static"


def test_stylesheet_weighs_at_most_8_kb_compressed():
    styles = [Asset(css.read_bytes(), "text/css; charset=utf-8") for css in STATIC.glob("*.css")]
    assert len(styles) == 3
    assert sum(len(style.compressed) for style in styles) <= 8 * 1024
