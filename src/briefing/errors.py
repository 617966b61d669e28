"""Everything that can go wrong and is not a bug.

BriefingError                 exit status 1 unless said otherwise
├── ConfigError               sources.yaml or the environment is wrong (exit status 2)
├── UsageError                a command was given what does not exist (exit status 2)
├── SourceError               one source could not be read; never stops the others
│   ├── FetchError            the address did not answer with something usable
│   │   └── AddressRefused    the address guard said no
│   └── ParseError            the answer is not what the source promises
├── StoreError                the event log cannot be read or written
│   ├── ConcurrentAppend      somebody else appended to the stream first
│   └── UnknownEvent          an event this version of the program does not know
├── EncoderError              the encoder is not installed, or not the one it should be (exit status 2)
├── DeliveryError             mail could not be handed over
└── OutputError               a document could not be rendered or written
"""

from __future__ import annotations

from typing import TypeVar

E = TypeVar("E", bound=Exception)

FAILURES = (
    "dns",  # the name does not resolve
    "tls",  # the certificate or the handshake
    "timeout",  # no whole answer within `fetch.timeout`
    "connection",  # refused, reset, cut off
    "address",  # the address guard refused it
    "robots",  # robots.txt disallows the page
    "status",  # an HTTP status that is no answer
    "blocked",  # 401, 403, 451 or a challenge page: never evaded
    "gone",  # 410
    "too-large",  # more than `fetch.max_bytes`
    "not-a-feed",  # something else where a feed, list or sitemap should be
    "damaged",  # cut off or broken; what could be read was kept
    "unparsable",  # nothing could be read
    "empty",  # no item where there were some
    "undated",  # no entry has a date any more, where entries had one; what was read was kept
)


class BriefingError(Exception):
    """The root: its text is one sentence that says what, where and how to mend it."""

    exit_status = 1


class ConfigError(BriefingError):
    """The configuration is wrong. `problems` holds one sentence for each fault found."""

    exit_status = 2

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(BriefingError):
    """A command names a source, an item, a briefing or a week that does not exist."""

    exit_status = 2


class SourceError(BriefingError):
    """One source could not be read.

    `failure` is the class of the fault, one of `FAILURES`; `status` the HTTP status where there was
    one; `retry_after` the seconds that the server asked us to wait; `temporary` says that the fault itself
    promises to pass. Where an answer came that could not be used, `answered` is its status and `size` its bytes.
    """

    def __init__(
        self,
        message: str,
        *,
        failure: str,
        status: int | None = None,
        retry_after: float | None = None,
        temporary: bool = False,
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.status = status
        self.retry_after = retry_after
        self.temporary = temporary
        self.answered = status
        self.size = 0

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole: parsing happens in worker processes."""
        return _rebuilt, (type(self), str(self), self.failure, self.status, self.retry_after)


def bare(error: E) -> E:
    """An error to be kept, without its trace and causes: their frames would keep whole bodies as long as it lives."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def _rebuilt(
    kind: type[SourceError], message: str, failure: str, status: int | None, retry_after: float | None
) -> SourceError:
    return kind(message, failure=failure, status=status, retry_after=retry_after)


class FetchError(SourceError):
    """The address did not answer, or not with something usable."""


class AddressRefused(FetchError):
    """The name resolves to an address that is not public and not listed under `fetch.allow_networks`."""


class ParseError(SourceError):
    """The answer is not what the source promises: a web page for a feed, an empty list, unreadable XML."""


class StoreError(BriefingError):
    """The event log cannot be read or written."""


class ConcurrentAppend(StoreError):
    """The stream has moved on since it was read: read again, decide again."""


class UnknownEvent(StoreError):
    """The log holds an event, or a version of one, that this program does not know: upgrade it."""


class DeliveryError(BriefingError):
    """Mail could not be handed over: no server, one that does not answer, or one that refuses us."""


class SenderBusy(DeliveryError):
    """Another process or machine is sending from the same outbox just now: it takes what waits along."""


class OutputError(BriefingError):
    """A document could not be rendered or written."""


class EncoderError(BriefingError):
    """The encoder of meanings is not installed, or what is installed is not the model it should be."""

    exit_status = 2
