"""Serving an application on a socket until SIGTERM or SIGINT, which end it without an error."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import uvicorn

from briefing.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from starlette.applications import Starlette


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket.

    Raises:
        UsageError: the port cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(f"port {port} on {host} cannot be had ({error.strerror}): name another with --port") from error
    with opened:
        yield opened


async def serve(app: Starlette, opened: socket.socket) -> None:
    """Answer until a signal says stop; what is being answered is finished."""
    server = _Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    try:
        await server.serve(sockets=[opened])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """A server that leaves signals to us: its own handling raises them again and so ends with an error."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # a generator there
        return nullcontext()

    def stop(self) -> None:
        """End soon; at the second call, at once."""
        self.force_exit = self.should_exit
        self.should_exit = True
