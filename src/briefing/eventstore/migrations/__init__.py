"""The versions of the log's tables, by Alembic; `briefing.eventstore.upgrading` runs them.

The log alone is upgraded so, because it alone cannot be made again. Read models carry a version of their own and are
dropped and made from the log where it differs; what is known of polls is created where it is missing.
"""
