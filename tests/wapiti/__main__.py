"""`python -m tests.wapiti`: a scanner of others' making goes through the app as everybody."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
runpy.run_module("wapiti.command", run_name="__main__")
