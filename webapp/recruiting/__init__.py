"""Teams at an event review together whom they actually talked to; `gate.py` says whom they see."""
