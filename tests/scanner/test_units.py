"""What the scanner decides without a browser: its own tests, run by Node."""

from pathlib import Path

import services


def test_the_scanners_decisions():
    services.run_node_tests(Path(__file__).parent, at_least=4)
