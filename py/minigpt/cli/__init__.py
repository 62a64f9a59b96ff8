"""The command line: argument parsing and printing only, one file per command."""

from minigpt.cli.main import main

__all__ = ['main']
