"""Parsing in processes of its own, which can be killed: a megabyte of nested tags holds a parser for minutes.

anyio's own worker processes are not used: they run the program's main module again, and one that is cancelled while it
starts is left behind.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from briefing.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from anyio.abc import Process

    from briefing.model import Article, Fetched, Parsed, Source
    from briefing.sources.survey import Survey

READY = b"ready"
LENGTH = struct.Struct("!Q")
_PROGRAM = "from briefing.sources.worker import serve; serve()"
_GRACE = 2.0  # seconds that an idle worker gets to end by itself


class Workers:
    """A pool of at most `count` worker processes, each given at most `timeout` seconds for one parse.

    Use as an asynchronous context manager; workers start when they are first needed, or ahead by `warm`, and end with
    the context.
    """

    def __init__(self, count: int, timeout: float) -> None:
        self._timeout = timeout
        self._free = anyio.Semaphore(count)
        self._idle: list[_Worker] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):
            while self._idle:
                await self._idle.pop().end()

    async def warm(self) -> None:
        """Start a worker ahead, so that the first parse does not wait for it."""
        async with self._free:
            if not self._idle:
                self._idle.append(await _Worker.start())

    async def parse(self, source: Source, fetched: Fetched, known: frozenset[str]) -> Parsed:
        """Read an answer by the kind of its source, as `briefing.sources.KINDS` does.

        Raises:
            ParseError: the parser says so, took too long, or died.
        """
        return cast("Parsed", await self._run("parse", source, fetched, known))

    async def read_article(self, source: Source, fetched: Fetched) -> Article:
        """Read an item's own page, as `briefing.sources.read_article` does.

        Raises:
            ParseError: the parser says so, took too long, or died.
        """
        try:
            return cast("Article", await self._run("read_article", source, fetched))
        except ParseError:
            from briefing.sources import pdf  # noqa: PLC0415 - parsers are for the other processes

            if not pdf.is_pdf(fetched.body):
                raise
            return pdf.unread(fetched)  # a PDF that no reader can read is known by its hash

    async def locate(self, source: Source, fetched: Fetched, lines: Mapping[int, str]) -> dict[int, str]:
        """Say where on a page lines stand, as `briefing.sources.locate` does; nothing where that cannot be told."""
        try:
            return cast("dict[int, str]", await self._run("locate", source, fetched, dict(lines)))
        except ParseError:
            return {}

    async def read_saved(self, source: Source, held: Fetched) -> Fetched:
        """Read a saved page, as `briefing.sources.read_saved` does.

        Raises:
            ParseError: the parser says so, took too long, or died.
        """
        return cast("Fetched", await self._run("read_saved", source, held))

    async def survey(self, source: Source, fetched: Fetched) -> Survey:
        """Look at a document of which nothing is known yet, as `briefing.sources.survey` does.

        Raises:
            ParseError: the parser says so, took too long, or died.
        """
        return cast("Survey", await self._run("survey", source, fetched))

    async def _run(self, task: str, source: Source, fetched: Fetched, *more: object) -> object:
        request = pickle.dumps((task, source, fetched, *more), pickle.HIGHEST_PROTOCOL)
        async with self._free:
            waited = bool(self._idle)
            try:
                answer = await self._asked(request, fetched)
            except _Ended:
                if not waited:
                    raise
                # It may have ended while it waited, for want of memory: that is no fault of who comes next.
                answer = await self._asked(request, fetched)
        done, value = answer
        if done:
            return value
        try:
            raise value
        finally:
            # An error knows this frame: a frame that knew the error would be kept with it, and the body with both,
            # until the garbage collector comes by.
            del value, answer

    async def _asked(self, request: bytes, fetched: Fetched) -> tuple[bool, Any]:
        worker = self._idle.pop() if self._idle else await _Worker.start()
        answer: tuple[bool, Any] | None = None
        try:
            with anyio.move_on_after(self._timeout):
                answer = await worker.ask(request)
        except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError):
            raise _Ended(
                f"parsing {fetched.final_url} ended its process (out of memory, or a fault in a parser)",
                failure="unparsable",
            ) from None
        finally:
            # Whatever went wrong, a worker with half an answer in its pipe is of no more use.
            if answer is None:
                await worker.kill()
        if answer is None:
            raise ParseError(
                f"parsing {fetched.final_url} took longer than {self._timeout:g} s and was stopped",
                failure="unparsable",
            )
        self._idle.append(worker)
        return answer


class _Ended(ParseError):
    """The process that parses has ended."""


class _Worker:
    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._requests = process.stdin
        self._answers = BufferedByteReceiveStream(process.stdout)

    @classmethod
    async def start(cls) -> Self:
        """A new process that sees the modules that this one sees.

        Raises:
            ParseError: it ended at once.
        """
        with anyio.CancelScope(shield=True):
            process = await anyio.open_process(
                [sys.executable, "-P", "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _search_path()},
            )
            worker = cls(process)
            try:  # waited for here, so that the time limit is the parser's own
                await worker._answers.receive_exactly(len(READY))
            except (anyio.EndOfStream, anyio.IncompleteRead):
                await worker.kill()
                raise _Ended(
                    "a process to parse in ended as it began (out of memory, or a fault of the installation)",
                    failure="unparsable",
                ) from None
        return worker

    async def ask(self, request: bytes) -> tuple[bool, Any]:
        """Send a request, get whether it was done and the result or the exception."""
        await self._requests.send(LENGTH.pack(len(request)) + request)
        (length,) = LENGTH.unpack(await self._answers.receive_exactly(LENGTH.size))
        return cast("tuple[bool, Any]", pickle.loads(await self._answers.receive_exactly(length)))  # noqa: S301 - from our own child

    async def end(self) -> None:
        """Close its input, on which it ends; kill it if it does not."""
        await self._requests.aclose()
        with anyio.move_on_after(_GRACE):
            await self._process.wait()
        await self.kill()

    async def kill(self) -> None:
        """End it at once and wait until nothing is left of it."""
        with anyio.CancelScope(shield=True):
            if self._process.returncode is None:
                self._process.kill()
            await self._process.aclose()


def _search_path() -> str:
    return os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
