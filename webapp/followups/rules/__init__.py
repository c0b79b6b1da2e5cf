"""Pure decisions about what follows a talk, one file for each subject."""
