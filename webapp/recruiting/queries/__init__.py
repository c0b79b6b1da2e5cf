"""Reading teams, who agreed to be seen by them, and whom they talked with."""
