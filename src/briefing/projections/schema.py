"""Tables of the read models.

Times are ISO 8601 in UTC with microseconds, so that they sort as text; lists and maps are JSON. `position` is the place
in the log of the event from which on a row says what it says; what it said before is in `history`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text

from briefing.columns import alike

metadata = MetaData()

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

adopted = Table(
    "adopted",
    metadata,
    Column("name", Text, primary_key=True),  # "settings" or "topics"
    Column("position", Integer, nullable=False),
    Column("data", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("spec", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Text),
    Column("failure", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("status", Integer),
    Column("moved", Text, nullable=False),
    Column("moved_at", Text),
    Column("named", Text, nullable=False),
    Column("named_at", Text),
    Column("backfilled", Text, nullable=False),  # the day up to which what was asked for from before has been taken in
    Column("items", Integer, nullable=False),
    Column("newest", Text),
    Column("health_position", Integer, nullable=False),
    Column("position", Integer, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("date_raw", Text, nullable=False),
    Column("date_value", Text),
    Column("precision", Text),
    Column("origin", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("news_at", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("revisions", Integer, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("first_position", Integer, nullable=False),
    Column("archive", Boolean, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("title_print", Text, nullable=False),
    Column("text_print", Text, nullable=False),
    Column("entry_print", Text, nullable=False),
    Column("page", Boolean, nullable=False),
    Column("noted", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("labelled", Integer, nullable=False),  # the revision that the labels are of
)
# Positions stand in the indexes so that a list of the past passes over later rows without looking at them.
Index("items_by_news", items.c.news_at, items.c.id, items.c.position)
Index("items_by_source", items.c.source, items.c.news_at, items.c.id, items.c.position)
Index("items_by_day", items.c.day, items.c.news_at, items.c.id, items.c.position)
Index("items_by_seen", items.c.seen_at)
Index("items_by_first_position", items.c.first_position)
Index("items_by_rules", items.c.rules)

keys = Table(
    "item_keys",
    metadata,
    Column("key", String(33), primary_key=True),
    Column("item", String(16), nullable=False),
    sqlite_with_rowid=False,
)
Index("keys_by_item", keys.c.item)

revisions = Table(
    "revisions",
    metadata,
    Column("item", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("date_value", Text),
    Column("precision", Text),
    Column("origin", Text, nullable=False),
    sqlite_with_rowid=False,
)

NAMED = "@"
"""What stands before a country's code or an institution's id where labels are kept: no topic begins so."""


def _labels(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("item", String(16), primary_key=True),
        Column("topic", Text, primary_key=True),
        Column("score", Integer, nullable=False),
        Column("level", Text, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("evidence", Text, nullable=False),
        Column("earned", Text, nullable=False),  # by "rules", a "model" or "people"
        Column("news_at", Text, nullable=False),
        Column("day", Text, nullable=False),
        Column("position", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


labels = _labels("labels")
Index("labels_by_topic", labels.c.topic, labels.c.news_at, labels.c.item, labels.c.position)
Index("labels_by_topic_and_day", labels.c.topic, labels.c.day, labels.c.news_at, labels.c.item, labels.c.position)
Index("labels_by_day", labels.c.day, labels.c.topic, labels.c.position)

suggestions = _labels("suggestions")
Index(
    "suggestions_by_topic",
    suggestions.c.topic, suggestions.c.news_at, suggestions.c.item, suggestions.c.position,
)  # fmt: skip
Index("suggestions_by_topic_and_day", suggestions.c.topic, suggestions.c.day, suggestions.c.news_at, suggestions.c.item)

corrections = Table(
    "corrections",  # what people said last of an item and a topic
    metadata,
    Column("item", String(16), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("belongs", Boolean, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("corrections_by_position", corrections.c.position)

models = Table(
    "models",  # every training, by the position of its event
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("log", Integer, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("encoder", Text, nullable=False),
    Column("models", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("item", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
)
Index("changes_by_item", changes.c.item)
Index("changes_by_time", changes.c.at)

health = Table(
    "health",  # changes of sources' states: what readers are told of, first readings left out
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("since", Text),
    Column("failure", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("status", Integer),
    Column("last", Text),
)
Index("health_by_source", health.c.source, health.c.position)

gaps = Table(
    "gaps",
    metadata,
    Column("gap", Integer, primary_key=True, autoincrement=False),  # the position of its suspicion
    Column("source", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("until_moment", Text, nullable=False),
    Column("newest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("found", Integer, nullable=False),
    Column("settled_at", Text),
    Column("position", Integer, nullable=False),
)
Index("gaps_by_source", gaps.c.source, gaps.c.state)

dates = Table(
    "dates",  # what items announce; `gone` says that the item was withdrawn
    metadata,
    Column("item", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("meeting", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("method", Integer, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("told", Text, nullable=False),  # the date as its event holds it
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("dates_by_meeting", dates.c.meeting)
Index("dates_by_last", dates.c.last, dates.c.first)

meetings = Table(
    "meetings",  # what is announced, by whomever: the dates that hold now, and what was said before
    metadata,
    Column("id", String(16), primary_key=True),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("precision", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("deadline", Boolean, nullable=False),
    Column("state", Text, nullable=False),  # announced, cancelled, withdrawn, dropped
    Column("sequence", Integer, nullable=False),
    Column("before", Text, nullable=False),
    Column("announced_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("meetings_by_last", meetings.c.last, meetings.c.id)

links = Table(
    "links",  # from the later item to the earlier one that is the same text
    metadata,
    Column("item", String(16), primary_key=True),
    Column("other", String(16), primary_key=True),
    Column("relation", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("share", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("links_by_other", links.c.other)

members = Table(
    "story_members",  # the item that opened a story stands in it too, from the first join on
    metadata,
    Column("item", String(16), primary_key=True),
    Column("story", String(16), nullable=False),
    Column("other", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("members_by_story", members.c.story, members.c.position)
Index("members_by_position", members.c.position)

passages = Table(
    "passages",  # a print of each item's longest paragraphs, under the first item of a source that held it
    metadata,
    Column("print", String(32), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("item", String(16), nullable=False),
    sqlite_with_rowid=False,
)
Index("passages_by_item", passages.c.item)

pointers = Table(
    "pointers",  # where pages say that they stand again; `place` is the address as addresses are compared
    metadata,
    Column("item", String(16), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("pointers_by_place", pointers.c.place)

takedowns = Table(
    "takedowns",  # holds for all time: an item that was taken down has no words at earlier positions either
    metadata,
    Column("item", String(16), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("briefing", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("supersedes", Integer, nullable=False),
    Column("as_of", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("published_at", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("hashes", Text, nullable=False),
)

subscriptions = Table(
    "subscriptions",  # who is, or was, on the list of a briefing: by keyed hashes, without an address
    metadata,
    Column("recipient", String(32), primary_key=True),
    Column("briefing", Text, primary_key=True),
    Column("state", Text, nullable=False),  # see `model.SubscriberState`
    Column("topics", Text, nullable=False),
    Column("formats", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("said_by", Text, nullable=False),  # who brought the state about, or why mail is suppressed
    Column("origin", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("subscriptions_by_briefing", subscriptions.c.briefing, subscriptions.c.state)
errata = Table(
    "errata",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("briefing", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("item", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("change_position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
)
Index("errata_by_briefing", errata.c.briefing, errata.c.position)
Index("errata_by_item", errata.c.item)
outbox = Table(
    "outbox",  # one row for each mail that was ever decided on; recipients are keyed hashes
    metadata,
    Column("mailing", Text, primary_key=True),
    Column("recipient", String(64), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("briefing", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, accepted, refused, unconfirmed, dropped, bounced
    Column("attempts", Integer, nullable=False),
    Column("not_before", Text),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),  # why it is dropped
    Column("decided_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("outbox_by_state", outbox.c.state, outbox.c.mailing)
Index("outbox_by_recipient", outbox.c.recipient, outbox.c.position)

marks = Table(
    "marks",  # the last position that touched what a feed is made of: which feeds to write again
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)

published = Table(
    "published",  # up to where the files under storage/public were made, and from which settings
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
)

alike(metadata)
