"""The verb doctor: what is wrong with program, database, storage, clock, configuration and key. Nothing is changed."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from briefing import __version__
from briefing.errors import ConfigError
from briefing.eventstore.inspection import look, unknown
from briefing.findings import ok, warning, wrong
from briefing.outputs import lacking, remedy
from briefing.outputs.wording import listed
from briefing.projections.mailboxes import kept
from briefing.projections.standing import standing
from briefing.service.keeping import ERASURES, KEY
from briefing.service.private import SUFFIX
from briefing.service.tokens import NAME as RECIPIENTS_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta
    from pathlib import Path

    from briefing.eventstore.inspection import Look
    from briefing.findings import Finding
    from briefing.model import Settings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LITTLE, _TOO_LITTLE = 1024**3, 100 * 1024**2  # bytes
_FEW, _TOO_FEW = 10_000, 500  # files that can still be made
_MB = 1024**2


def examine(
    database_url: str,
    storage: Path,
    config: Path,
    load: Callable[[Path], Settings],
    now: datetime | None = None,
) -> list[Finding]:
    """Look at everything in turn. A log that is not there is not made."""
    moment = now or datetime.now(UTC)
    found = [ok("program", f"briefing {__version__} on Python {platform.python_version()}, {platform.system()}")]
    seen = look(database_url, moment)
    try:
        found += seen.findings
        found += _read_models(seen, storage)
        found += _recipients(seen, storage)
    finally:
        if seen.engine is not None:
            seen.engine.dispose()
    found += _clock(seen, moment)
    found += _configuration(config, load)
    if not storage.is_dir():
        return [*found, warning("storage", f"there is no folder {storage} yet", "the first collect makes it")]
    found += [*_rights(storage, seen.file), *_key(storage), *_room(storage, seen.file), *_leftovers(storage)]
    return found


def _read_models(seen: Look, storage: Path) -> Iterator[Finding]:
    if seen.engine is None:
        return
    at = standing(seen.engine)
    strange = unknown(seen.engine, at.position if at is not None and at.current else 0)
    if strange is not None:
        yield strange
        return
    if at is None or not at.current:
        yield warning("read models", "there are none of this version yet", "briefing publish makes them")
    elif at.position > seen.position:
        said = f"they are at position {at.position}, and the log ends at {seen.position}"
        yield wrong("read models", said, "briefing rebuild makes them from the log that is here")
    elif at.position < seen.position:
        behind = seen.position - at.position
        yield warning("read models", f"{behind} events behind the log", "briefing publish brings them up")
    else:
        yield ok("read models", f"at position {at.position}, the end of the log")
    if not seen.position:
        return
    if not (storage / "public" / "feeds.opml").is_file():
        yield warning("published", f"nothing lies under {storage / 'public'}", "briefing publish makes it")
    elif at is not None:
        yield ok("published", f"up to position {at.published}, under {storage / 'public'}")


def _clock(seen: Look, now: datetime) -> Iterator[Finding]:
    name = os.environ.get("TZ", "").lstrip(":")
    if name and not _known(name):
        yield warning(
            "clock", f'TZ names "{name}", which is no known zone: times are shown as UTC', "set TZ, or unset it"
        )
    last = datetime.fromisoformat(seen.recorded_at) if seen.recorded_at else now
    if now < last:
        said = f"this machine's clock is {_span(last - now)} behind the log's last event"
        yield wrong("clock", said, "set the clock: until then events are recorded with the last event's time")
    else:
        after = ", not before the log's last event" if seen.recorded_at else ""
        yield ok("clock", f"{now.astimezone():%Y-%m-%d %H:%M %Z}{after}")


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return name.startswith("/") or any(letter.isdigit() for letter in name)  # a file, or POSIX's own form
    return True


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - two minutes


def _configuration(config: Path, load: Callable[[Path], Settings]) -> Iterator[Finding]:
    try:
        settings = load(config)
    except ConfigError as fault:
        for problem in fault.problems:
            yield wrong("configuration", problem, "mend it there; briefing check says whether it is right")
        return
    yield ok("configuration", f"{config}: {len(settings.sources)} sources, {len(settings.topics)} topics")
    if missing := lacking(dict.fromkeys(name for one in settings.briefings for name in one.formats)):
        said = f"issues cannot be made as {listed(list(missing))} here: their extra is not installed"
        yield warning("formats", said, f"{remedy(missing)} adds it; all other formats are published without")
    for channel in settings.deliver:
        for name in filter(None, (channel.url_env, channel.secret_env, channel.key_env)):
            if not os.environ.get(name, "").strip():
                said = f"{channel.id}: the environment here holds no {name}"
                yield warning("channels", said, "set it where the process that delivers is started")


def _rights(storage: Path, database: Path | None) -> Iterator[Finding]:
    if not os.access(storage, os.R_OK | os.W_OK | os.X_OK):
        yield wrong(
            "rights", f"{storage} cannot be written by this user", f"give it to whoever runs this: chown USER {storage}"
        )
        return
    loose = [path for path in (storage, database) if path is not None and path.stat().st_mode & stat.S_IWOTH]
    for path in loose:
        yield wrong("rights", f"everybody on this machine can write to {path}", f"chmod o-w {path}")
    if database is not None and database.is_file() and not loose:
        if not os.access(database, os.R_OK | os.W_OK):
            yield wrong("rights", f"{database} cannot be written by this user", f"chown USER {database}")
        elif database.stat().st_mode & stat.S_IROTH and storage.stat().st_mode & stat.S_IXOTH:
            said = f"everybody on this machine can read {database}, and the log's secret in it"
            yield warning("rights", said, f"chmod o-r {database}")
        else:
            yield ok("rights", f"{storage} and {database.name} are this user's")


def _key(storage: Path) -> Iterator[Finding]:
    key = storage / KEY
    for path in (key, storage / ERASURES):
        if path.exists() and path.stat().st_mode & _OTHERS:
            yield wrong("key" if path == key else "rights", f"others can read or write {path}", f"chmod 600 {path}")
    if not key.exists():
        if (storage / "public" / "log" / "checkpoint").exists():
            said = f"{key} is gone, and checkpoints were signed with it"
            yield wrong("key", said, "bring it back from a backup: a new one breaks the chain of checkpoints")
        else:
            yield ok("key", "no signing key yet: the first checkpoint makes it")
    elif not os.access(key, os.R_OK):
        yield wrong("key", f"{key} cannot be read by this user", f"chown USER {key}")
    elif not key.stat().st_mode & _OTHERS:
        yield ok("key", f"{key} is there, and private")


def _recipients(seen: Look, storage: Path) -> Iterator[Finding]:
    """Addresses without their key: nobody could be found by one, and every link that was mailed is void."""
    known, key = len(kept(seen.engine)) if seen.engine is not None else 0, storage / RECIPIENTS_KEY
    if key.exists() and key.stat().st_mode & _OTHERS:
        yield wrong("recipients", f"others can read or write {key}", f"chmod 600 {key}")
    elif known and not key.exists():
        yield wrong("recipients", f"{key} is gone, by which {known} are known", "bring it back from a backup")
    elif known:
        yield ok("recipients", f"{known} known, by a key that is there, and private")


def _room(storage: Path, database: Path | None) -> Iterator[Finding]:
    free = shutil.disk_usage(storage).free
    held = database.stat().st_size if database is not None and database.is_file() else 0
    said = f"{free // _MB:,} MB free where {storage} lies"
    if free < _TOO_LITTLE:
        yield wrong("disk", said, "make room: the log cannot grow on a full disk")
    elif free < max(_LITTLE, held):
        yield warning(
            "disk", said, f"make room: a rebuild or a backup may need as much as the log ({held // _MB:,} MB)"
        )
    else:
        yield ok("disk", said)
    files = os.statvfs(storage)
    if files.f_files and files.f_favail < _FEW:  # some file systems do not count them
        state = wrong if files.f_favail < _TOO_FEW else warning
        yield state("disk", f"only {files.f_favail} more files can be made there", "remove files: no inodes are left")


def _leftovers(storage: Path) -> Iterator[Finding]:
    found = sorted(path for path in storage.rglob(f"*{SUFFIX}") if path.is_file())
    if found:
        said = f"{len(found)} half-written files, such as {found[0]}: a process was killed, or one writes just now"
        yield warning("leftovers", said, "remove them when nothing runs here")
