"""What a phone computes by itself, without a browser: its own tests, run by Node."""

from pathlib import Path

import services


def test_what_a_phone_computes_by_itself():
    services.run_node_tests(Path(__file__).parent, at_least=1)
