"""Stories: which items tell of one event, and how their wordings differ. Pure: no clock, no database, no network."""

from __future__ import annotations

from briefing.stories.tellings import Joined, Rules, Telling
from briefing.stories.weaving import METHOD, Weaver

__all__ = ["METHOD", "Joined", "Rules", "Telling", "Weaver"]
