"""All commands, and what they have in common: where things lie, and how a fault is told."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from briefing import __version__
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from pathlib import Path

    from briefing.config import Places
    from briefing.model import Settings, StoryRules
    from briefing.service import Service

# How often the garbage collector looks for circles. By default it does so a thousand times while modules are imported,
# which make no garbage, and through every entry that is held: a tenth of all that a short command costs.
_SELDOM = (50_000, 20, 50)

# name -> module and what it does: modules are imported only for the command that is called.
_COMMANDS = {
    "check": ("configuring", "Check sources.yaml; with --online ask every source once."),
    "schema": ("configuring", "Print the JSON Schema of sources.yaml, for editors."),
    "source": ("sourcing", "Add a source, list, test, switch off or remove some."),
    "opml": ("opml", "Take lists of feeds in and out."),
    "import-page": ("importing", "Take in saved pages of a source that cannot be read from here."),
    "collect": ("working", "Read the sources and record what is new, changed or gone."),
    "topics": ("topics", "Try, explain and find the phrases of topics."),
    "classify": ("working", "Give topics to items that have none under the rules of now."),
    "label": ("labelling", "Say whether an item belongs to a topic; its model learns from it."),
    "publish": ("working", "Write the feeds that changed."),
    "brief": ("working", "Publish the issue of a week."),
    "deliver": ("delivering", "Send what is new to webhooks, chats, mirrors and the hub."),
    "preview": ("drafting", "Show the next issue as it stands now, as a draft, and why each item is in it."),
    "recipients": ("recipients", "List, add, remove, import, export, forget those who get briefings by mail."),
    "bounces": ("sending", "Take in what came back of the mail that was sent."),
    "run": ("working", "Collect, classify, publish, brief and deliver, once each."),
    "send": ("sending", "Mail an issue to everybody on its list, once."),
    "serve": ("serving", "Do all of it on schedule, and show the site."),
    "scheduler": ("many", "On PostgreSQL: decide what is due, for any number of workers."),
    "worker": ("many", "On PostgreSQL: read, label and publish what the scheduler says is due."),
    "web": ("many", "Show the site, and nothing else."),
    "items": ("listing", "List items."),
    "show": ("looking", "Show one item: text, labels with their reasons, versions."),
    "stories": ("storytelling", "List events that several sources tell of; measure how well they are found."),
    "ahead": ("foretelling", "List what is announced: meetings, visits, deadlines; measure how well it is found."),
    "status": ("reporting", "Say how the sources do."),
    "log": ("events", "List events of the log."),
    "verify": ("proving", "Compute everything again and say ok, or what differs first."),
    "prove": ("proving", "Write a file that proves what an item said and when it was seen."),
    "check-proof": ("proving", "Check such a file, offline."),
    "consistency": ("proving", "Say whether one checkpoint's log extends that of an earlier one."),
    "takedown": ("takedowns", "Erase the words of one item everywhere, and say so where they stood."),
    "rebuild": ("working", "Make every read model and published file again from the log."),
    "export": ("keeping", "Write the whole log to one file."),
    "import": ("keeping", "Fill an empty log from an export."),
    "backup": ("keeping", "Write all that cannot be made again to one file, while others work."),
    "restore": ("keeping", "Bring a backup back into an empty storage."),
    "doctor": ("doctoring", "Say what is wrong here, and how to mend it."),
    "database": ("databases", "Prepare a PostgreSQL database for two roles."),
    "demo": ("serving", "Show all of it on an invented press world, offline."),
}


class _Commands(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"briefing.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in _COMMANDS.items()])


@dataclass
class Office:
    """What the options before the command say, and what follows from them when it is needed."""

    config: str | None
    storage: str | None
    database: str | None

    def places(self) -> Places:
        """Where things lie: option, else environment, else default."""
        from briefing.config import places

        return places(self.config, self.storage, self.database, os.environ)

    def settings(self) -> Settings:
        """The configuration.

        Raises:
            ConfigError: it is missing or wrong.
        """
        from briefing.config import kept

        def load(path: Path) -> Settings:
            from briefing import config

            return config.load(path)

        places = self.places()
        return kept(places.config, places.storage, load)

    def story_rules(self) -> StoryRules:
        """The configured rules for stories; the usual ones where there is no configuration at all.

        Raises:
            ConfigError: the configuration is wrong.
        """
        from briefing.model import StoryRules

        return self.settings().stories if self.config or self.places().config.exists() else StoryRules()

    def service(self, *, configured: bool = True, new: bool = False) -> Service:
        """The service; without `configured` it only reads what is there, with `new` even where nothing is yet.

        Raises:
            ConfigError: the configuration is missing or wrong.
            UsageError: there is nothing to read: an SQLite file that does not exist yet.
        """
        from briefing.service import Service

        places = self.places()
        if not (configured or new or places.there()):
            from briefing.errors import UsageError

            raise UsageError(f"there is no log in {places.storage} yet: `briefing run` makes one")
        made = Service(places.database_url, places.storage, self.settings() if configured else None)
        made.warn = lambda said: click.echo(said, err=True)
        return made


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--config", metavar="FILE", help="The configuration. [BRIEFING_CONFIG; sources.yaml]")
@click.option("--storage", metavar="FOLDER", help="Run-time data. [BRIEFING_STORAGE; storage]")
@click.option("--database", metavar="URL", help="The log. [BRIEFING_DATABASE_URL; briefing.db in the storage]")
@click.version_option(__version__, prog_name="briefing")
@click.pass_context
def cli(ctx: click.Context, config: str | None, storage: str | None, database: str | None) -> None:
    """From what ministries and think tanks publish to feeds by topic and a weekly briefing.

    Everything that is seen is kept in a log that nothing is ever taken out of but words, by `takedown`; feeds,
    briefings and this site are made from it.
    """
    ctx.obj = Office(config=config, storage=storage, database=database)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; the fault of a user or of the world is one sentence and an exit status."""
    gc.set_threshold(*_SELDOM)
    atexit.register(gc.freeze)  # else every module is looked through for circles on the way out
    try:
        status = cli.main(args=arguments, prog_name="briefing", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2 if isinstance(error, click.UsageError) else 1)
    except BriefingError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing more to say
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def as_json(value: Any, *, lines: bool = False) -> None:
    """Print a value as JSON for programs, in UTF-8 whatever the terminal says."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=None if lines else 2)
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


json_option = click.option("--json", "json_", is_flag=True, help="For programs.")
