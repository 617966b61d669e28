"""What the tests of mail share: a real SMTP server on loopback that keeps what it is given, and readers."""

from __future__ import annotations

import asyncio
import email
import threading
from collections import Counter
from contextlib import contextmanager
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP

from briefing.model import Listed, Wish
from briefing.service import recipients

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage


class Postbox:
    """Takes mail; `says` answers in the place of 250 where it gives something, told the stage and the address."""

    port = 0

    def __init__(self) -> None:
        self.empty()

    def empty(self) -> None:
        """Forget all that came, and be as usual."""
        self.bytes: list[tuple[str, bytes]] = []
        self.says: Callable[[str, str], str | None] = lambda _stage, _address: None
        self.sessions = 0
        self.utf8: list[bool] = []
        self.tls: list[bool] = []
        self.logins: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> Counter[str]:
        """How often each address was sent something."""
        return Counter(address for address, _ in self.bytes)

    def mails(self) -> dict[str, EmailMessage]:
        """The last mail to each address."""
        return {address: parsed(body) for address, body in self.bytes}

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:  # noqa: N802 - the library\'s name
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - the library\'s name
        if said := self.says("sender", address):
            return said
        envelope.mail_from = address
        self.utf8.append("SMTPUTF8" in options)
        self.tls.append(session.ssl is not None)
        return "250 fine"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - the library\'s name
        if said := self.says("recipient", address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library\'s name
        [address] = envelope.rcpt_tos
        if said := self.says("content", address):
            return said
        self.bytes.append((address, envelope.content))
        return self.says("done", address) or "250 kept"


@contextmanager
def postbox(**how: Any) -> Iterator[Postbox]:
    """A server on a free port of loopback, on a thread of its own."""
    box = Postbox()
    told: dict[str, Any] = {"enable_SMTPUTF8": True, "hostname": "post.example"} | how
    loop = asyncio.new_event_loop()
    lines: list[SMTP] = []

    def answering() -> SMTP:
        lines.append(SMTP(box, loop=loop, **told))
        return lines[-1]

    async def end() -> None:
        server.close()
        for line in lines:
            if isinstance(line.transport, asyncio.Transport):
                line.transport.abort()
        others = asyncio.all_tasks(loop) - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)

    server = loop.run_until_complete(loop.create_server(answering, "127.0.0.1", 0))
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def parsed(body: bytes) -> EmailMessage:
    """A mail as programs read it; without any defect in it or its parts."""
    made = email.message_from_bytes(body, policy=default)
    for part in made.walk():
        assert part.defects == []
        assert all(value.defects == () for value in part.values() if hasattr(value, "defects"))
    return made


def plain(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def markup(mail: EmailMessage) -> str:
    """Its HTML, empty for none."""
    part = mail.get_body(("html",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def put_on_list(desk: Any, *addresses: str, briefing: str = "weekly", name: str = "", **wish: Any) -> None:
    """These get a briefing from here on."""
    listed = [Listed(address=one, briefing=briefing, wish=Wish(**wish), name=name) for one in addresses]
    answers = recipients.subscribe(desk, listed, "operator")
    assert all(one.outcome == "added" for one in answers)
