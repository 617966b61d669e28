"""The verbs, in their order: the only room that knows it.

adopt      configuration > event store
collect    the web  > fetch > sources/<kind> > observe                     > event store
classify   event store > projections > classifiers/<name>                  > event store
publish    event store > projections > editions > outputs/<format>         > storage/public
brief      the same for one issue of a briefing                            > storage/public, event store
takedown   event store, then payloads, projections and storage/public without the words
rebuild    event store > projections > storage/public
"""

from briefing.service.facade import Service
from briefing.service.pace import share
from briefing.service.results import CollectResult, SourceResult

__all__ = ["CollectResult", "Service", "SourceResult", "share"]
