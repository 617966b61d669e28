"""`briefing topics`: what phrases do, before they are adopted and after. Each command lies in a module of its own."""

from __future__ import annotations

import importlib
import importlib.util

import click

# name -> module and what it does, as in `commands`: a module is imported only for the command that is called.
COMMANDS = {
    "preview": ("previewing", "Show which items would gain or lose which label under changed phrases, and why."),
    "explain": ("explaining", "Show why one item has the topics it has, and not the others."),
    "suggest": ("suggesting", "Propose phrases for a topic, from the items that have it."),
    "evaluate": ("evaluating", "Measure the topics against texts that people have labelled."),
}


class Topics(click.Group):
    """A group that imports a command when it is called, and lists those whose module is there."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102 - click's
        return [name for name, (module, _) in COMMANDS.items() if importlib.util.find_spec(f"briefing.cli.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102 - click's
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(importlib.import_module(f"briefing.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: D102 - click's
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)] or [("none", "")])


@click.group(cls=Topics)
def topics() -> None:
    """See what the phrases of topics do, and try new ones on what is already known."""
