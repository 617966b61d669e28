"""Read models: tables of the log's own database, made from events alone and made again at any time."""

from briefing.projections.library import Holdings
from briefing.projections.polls import Poll, Polls
from briefing.projections.projector import Projector
from briefing.projections.view import Moment
from briefing.projections.working import Library

__all__ = ["Holdings", "Library", "Moment", "Poll", "Polls", "Projector"]
