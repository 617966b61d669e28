"""The command line: thin, quick to answer `--help`, exit status 0, 1 or 2 (fine, failed, misused)."""

from briefing.cli.commands import main

__all__ = ["main"]
