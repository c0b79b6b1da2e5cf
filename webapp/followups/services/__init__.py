"""Every write of what follows a talk, one file for each subject."""
