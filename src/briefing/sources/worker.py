"""What runs in a worker process: requests come on standard input, answers leave on standard output."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from briefing import sources
from briefing.errors import BriefingError, ParseError, bare
from briefing.sources.workers import LENGTH, READY

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefing.model import Article, Fetched, Parsed
    from briefing.sources.survey import Survey

# The garbage collector looks at an answer that is being made over and over, and finds nothing in it.
_SELDOM = (50_000, 20, 50)
# Bytes: nine megabytes of an honest feed need seventy million of data. The space for addresses is wider, for libraries.
_DATA, _SPACE = 256 << 20, 2 << 30
_TASKS: dict[str, Callable[..., Parsed | Article | Fetched | Survey | dict[int, str]]] = {
    "parse": lambda source, *rest: sources.KINDS[source.kind](source, *rest),
    "read_article": sources.read_article,
    "read_saved": sources.read_saved,
    "survey": sources.survey,
    "locate": sources.locate,
}


def serve() -> None:
    """Answer requests until the input ends; what a library prints goes nowhere."""
    _limit_memory()
    gc.freeze()  # what is imported stays
    gc.set_threshold(*_SELDOM)
    # Ctrl+C reaches every process of a terminal; ours end when the parent closes their input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answers.write(READY)
    answers.flush()
    while header := requests.read(LENGTH.size):
        (length,) = LENGTH.unpack(header)
        _send(answers, _answer(*pickle.loads(requests.read(length))))  # noqa: S301 - from our own parent


def _answer(task: str, source: Any, fetched: Any, *more: Any) -> bytes:
    value: object
    try:
        done, value = True, _TASKS[task](source, fetched, *more)
    except BriefingError as error:
        done, value = False, bare(error)
    except MemoryError:
        done, value = False, _unparsable(fetched, "needs too much memory")
    except RecursionError:
        done, value = False, _unparsable(fetched, "is nested too deeply")
    except Exception as error:  # noqa: BLE001 - libraries raise anything on hostile bytes; one source never stops the others
        done, value = False, _unparsable(fetched, f"made its parser fail ({type(error).__name__}: {error})")
    return pickle.dumps((done, value), pickle.HIGHEST_PROTOCOL)


def _unparsable(fetched: Any, why: str) -> ParseError:
    return ParseError(f"what {fetched.final_url} answered {why}", failure="unparsable")


def _send(answers: BinaryIO, answer: bytes) -> None:
    answers.write(LENGTH.pack(len(answer)) + answer)
    answers.flush()


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not there on every system
    except ImportError:
        return
    for kind, wanted in ((resource.RLIMIT_AS, _SPACE), (resource.RLIMIT_DATA, _DATA)):
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (wanted if most < 0 else min(wanted, most), most))
