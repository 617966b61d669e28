"""Read models: tables of the log's own database, made from events alone and made again at any time."""

from briefing.projections.library import Library
from briefing.projections.polls import Poll, Polls
from briefing.projections.projector import Projector, table_names

__all__ = ["Library", "Poll", "Polls", "Projector", "table_names"]
