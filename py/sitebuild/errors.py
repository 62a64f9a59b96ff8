"""The one error that build steps raise for the person at the keyboard."""


class BuildError(Exception):
    """One sentence: what was wrong and what to do. The command line prints it and exits with 1."""
