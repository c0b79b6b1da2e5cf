"""`python -m tests.bench`: every goal of speed and size, with its figures."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
runpy.run_module("bench.command", run_name="__main__")
