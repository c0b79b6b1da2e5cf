"""`python -m tests.durability`: every row of the reliability table, with its figures."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
runpy.run_module("durability.command", run_name="__main__")
