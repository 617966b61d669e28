"""Briefing: from what ministries and think tanks publish to feeds by topic and a weekly document.

    collect    the web  > fetch > sources/<kind> > observe                     > event store
    classify   event store > projections > classifiers/<name>                  > event store
    publish    event store > projections > editions > outputs/<format>         > storage/public, event store

Each verb starts by reading and ends by appending; nothing passes between two verbs but the event store.
"""

__version__ = "0.1.0"
