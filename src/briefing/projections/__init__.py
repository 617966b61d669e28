"""Read models: tables of the log's own database, made from events alone and made again at any time."""

from briefing.projections.advisory import Session, lock_key
from briefing.projections.channels import Channels, ChannelState, DeadLetter
from briefing.projections.claims import STRETCH, Claims
from briefing.projections.cursors import Cursor, Cursors
from briefing.projections.duties import Duties
from briefing.projections.library import Holdings
from briefing.projections.mailboxes import Mailboxes
from briefing.projections.outbox import Mail, Outbox
from briefing.projections.panels import Panels
from briefing.projections.partings import Parting, Partings
from briefing.projections.polls import Poll, Polls
from briefing.projections.projector import Projector, table_names
from briefing.projections.pushes import Push, Pushes
from briefing.projections.rechecks import Recheck, Rechecks
from briefing.projections.recipients import Recipients
from briefing.projections.slots import HostSlots
from briefing.projections.vectors import Vectors
from briefing.projections.view import Moment
from briefing.projections.working import Library

__all__ = [
    "STRETCH",
    "ChannelState",
    "Channels",
    "Claims",
    "Cursor",
    "Cursors",
    "DeadLetter",
    "Duties",
    "Holdings",
    "HostSlots",
    "Library",
    "Mail",
    "Mailboxes",
    "Moment",
    "Outbox",
    "Panels",
    "Parting",
    "Partings",
    "Poll",
    "Polls",
    "Projector",
    "Push",
    "Pushes",
    "Recheck",
    "Rechecks",
    "Recipients",
    "Session",
    "Vectors",
    "lock_key",
    "table_names",
]
