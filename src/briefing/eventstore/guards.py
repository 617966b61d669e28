"""What makes the log append-only on PostgreSQL: triggers that fire for everybody, whatever a session is set to.

Their functions look names up in the system's catalogue and the log's own schema only, so that no session can put
operators or tables of its own in the way. Whoever owns the tables can take the triggers off: the program's own role
should not (docs/postgresql.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

# The server plans this once a session, by the size of the log when it last counted. Where that was next to nothing, a
# maximum is sought in all of the log, for each new event anew, while all other writers wait. Asked so, and where
# nothing may be sorted, it is the last entry of the index, whatever was counted.
_LAST = "coalesce((SELECT position FROM events ORDER BY position DESC LIMIT 1), 0)"
_PLANS = "SET enable_sort = off"

# name -> what it does with a row before it is written
_CHECKS = {
    "briefing_append_only": "RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '23000';",
    "briefing_events_dense": (
        f"IF NEW.position IS DISTINCT FROM {_LAST} + 1 THEN "
        "RAISE EXCEPTION 'positions have no gaps' USING ERRCODE = '23000'; END IF; RETURN NEW;"
    ),
    "briefing_blobs_erased_only": (
        "IF NEW.id <> OLD.id OR NEW.commitment <> OLD.commitment OR length(NEW.salt) <> 0 OR length(NEW.data) <> 0 "
        "OR NOT EXISTS (SELECT 1 FROM erased WHERE blob = OLD.id) THEN "
        "RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '23000'; END IF; RETURN NEW;"
    ),
    "briefing_erased_taken_down": (
        "IF NOT EXISTS (SELECT 1 FROM events, blobs WHERE events.position = NEW.position AND blobs.id = NEW.blob "
        "AND convert_from(events.body, 'UTF8')::json ->> 'type' = 'item.taken-down' "
        "AND encode(blobs.commitment, 'hex') IN (SELECT json_array_elements_text("
        "convert_from(events.body, 'UTF8')::json -> 'data' -> 'payloads'))) THEN "
        "RAISE EXCEPTION 'only what a takedown names is erased' USING ERRCODE = '23000'; END IF; RETURN NEW;"
    ),
    "briefing_head_forward": (
        "IF NEW.id <> OLD.id OR NEW.position <= OLD.position OR NEW.recorded_at < OLD.recorded_at "
        f"OR NEW.position <> {_LAST} "
        "OR (NEW.secret <> OLD.secret AND OLD.position > 0) OR NEW.format <> OLD.format THEN "
        "RAISE EXCEPTION 'the head only moves forward' USING ERRCODE = '23000'; END IF; RETURN NEW;"
    ),
    "briefing_one_head": (
        "IF EXISTS (SELECT 1 FROM head) THEN "
        "RAISE EXCEPTION 'there is one head' USING ERRCODE = '23000'; END IF; RETURN NEW;"
    ),
}
# table, trigger, when, how often, function
_TRIGGERS = (
    ("events", "events_append_only", "UPDATE OR DELETE", "ROW", "briefing_append_only"),
    ("events", "events_not_emptied", "TRUNCATE", "STATEMENT", "briefing_append_only"),
    ("events", "events_dense", "INSERT", "ROW", "briefing_events_dense"),
    ("blobs", "blobs_no_delete", "DELETE", "ROW", "briefing_append_only"),
    ("blobs", "blobs_not_emptied", "TRUNCATE", "STATEMENT", "briefing_append_only"),
    ("blobs", "blobs_erased_only", "UPDATE", "ROW", "briefing_blobs_erased_only"),
    ("erased", "erased_taken_down", "INSERT", "ROW", "briefing_erased_taken_down"),
    ("erased", "erased_append_only", "UPDATE OR DELETE", "ROW", "briefing_append_only"),
    ("erased", "erased_not_emptied", "TRUNCATE", "STATEMENT", "briefing_append_only"),
    ("head", "head_no_delete", "DELETE", "ROW", "briefing_append_only"),
    ("head", "head_not_emptied", "TRUNCATE", "STATEMENT", "briefing_append_only"),
    ("head", "head_forward", "UPDATE", "ROW", "briefing_head_forward"),
    ("head", "head_one_row", "INSERT", "ROW", "briefing_one_head"),
)


# Gives the words back to nobody: run with the rights of the owner, and the guard on blobs judges each row.
_ERASE = """
    CREATE OR REPLACE FUNCTION briefing_erase(wanted bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, {schema}, pg_temp
    AS $body$ UPDATE blobs SET salt = '', data = '' WHERE id = ANY (wanted) $body$
"""


def put(connection: Connection) -> None:
    """Put the triggers onto the tables of the log, and make the function that erases what an event says is erased."""
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one().replace("%", "%%")
    for name, body in _CHECKS.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = pg_catalog, {schema}, pg_temp {_PLANS} AS $body$ BEGIN {body} END $body$"
        )
    for table, name, happening, each, function in _TRIGGERS:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {happening} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
        )
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    connection.exec_driver_sql(_ERASE.format(schema=schema))
    connection.exec_driver_sql("REVOKE ALL ON FUNCTION briefing_erase(bigint[]) FROM PUBLIC")


def remove(connection: Connection) -> None:
    """Take the triggers off: for an upgrade, in whose transaction they are put on again."""
    for table, name, *_ in _TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
