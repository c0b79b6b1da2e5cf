"""Reading what follows a talk, one file for each subject; open ties come through the gate."""
