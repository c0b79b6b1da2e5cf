"""What leaves a Team as a file: pure rules of who needs which columns, and how they are written.

Nothing here decides who may be in it: `recruiting.gate` and `ties.gate` do.
"""
