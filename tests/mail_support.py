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

from briefing.model import Wish
from briefing.service import recipients
from briefing.service.recipients import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage


class Postbox:
    """Takes mail; `says` answers in the place of 250 where it gives something, told the stage and the address."""

    def __init__(self) -> None:
        self.bytes: list[tuple[str, bytes]] = []
        self.says: Callable[[str, str], str | None] = lambda _stage, _address: None
        self.sessions = 0
        self.utf8: list[bool] = []
        self.tls: list[bool] = []
        self.logins: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    port = 0

    @property
    def recipients(self) -> Counter[str]:
        """How often each address was sent something."""
        return Counter(address for address, _ in self.bytes)

    def mails(self) -> dict[str, EmailMessage]:
        """The last mail to each address."""
        return {address: parsed(body) for address, body in self.bytes}

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if said := self.says("sender", address):
            return said
        envelope.mail_from = address
        self.utf8.append("SMTPUTF8" in options)
        self.tls.append(session.ssl is not None)
        return "250 fine"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if said := self.says("recipient", address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        [address] = envelope.rcpt_tos
        if said := self.says("content", address):
            return said
        self.bytes.append((address, envelope.content))
        return self.says("done", address) or "250 kept"


@contextmanager
def postbox(**how: Any) -> Iterator[Postbox]:
    """A server on a free port of loopback, on a thread of its own."""
    box = Postbox()
    told = {"enable_SMTPUTF8": True, "hostname": "post.example"} | how
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(box, loop=loop, **told), "127.0.0.1", 0))
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def parsed(body: bytes) -> EmailMessage:
    """A mail as programs read it; without any defect in it or its parts."""
    made = email.message_from_bytes(body, policy=default)
    for part in made.walk():
        assert part.defects == []
        assert all(value.defects == () for value in part.values() if hasattr(value, "defects"))
    return made  # type: ignore[return-value]  # the policy's class


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
