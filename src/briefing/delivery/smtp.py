"""Handing mails over to a server (SMTP, RFC 5321), so that whoever dies meanwhile knows what he does not know.

The mail is sent but for the dot that ends it, then the caller is told to write down that the dot comes next, then it is
sent: five bytes, in the same breath. Until the dot a server throws away what it has; after it the mail is the server's.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from asyncio import WriteTransport
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

from briefing.errors import ConfigError, DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VARIABLE = "BRIEFING_SMTP_URL"
StartTls = Literal["offered", "required", "never"]
Stage = Literal["sender", "recipient", "content", "done", "lost"]

_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION = 587  # RFC 6409
_TIMEOUT = 60.0
_END_TIMEOUT = 600.0  # a server may think long about a mail that it has whole (RFC 5321, section 4.5.3.2.6)
_PIECE = 1 << 18  # bytes that a server gets the time of an answer to take
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_FILLED = re.compile(r"\$\{(\w+)\}")
_LOCAL = ("127.0.0.1", "::1", "localhost")
CLOSING = 421
"""What a server says that leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server to hand mails to. `starttls` says whether the connection is encrypted once it stands: where the server
    offers it, by all means, or never; `tls` that it is from the start. `timeout` is in seconds, for each answer. `ca`
    is a PEM file of certificates to trust instead of the system's.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: StartTls = "offered"
    timeout: float = _TIMEOUT
    ca: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server(url: str, environ: Mapping[str, str]) -> Server:
    """A server from its address: `smtp://user:password@host:port?starttls=required&timeout=30&ca=FILE`, or `smtps://`.

    `${NAME}` in it stands for a variable, which may hold any letters: only where it is all of the address they are read
    as one. A login goes over an encrypted connection only, but to this very machine.

    Raises:
        ConfigError: it is none; the sentence does not repeat it, for it may hold a password.
    """
    said = _filled(url.strip(), environ)
    try:
        parts = urlsplit(said)
        port, asked = parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query), max_num_fields=3)
    except ValueError:
        raise _wrong("cannot be read") from None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or parts.path not in ("", "/") or asked.keys() - _KEYS:
        raise _wrong("names no server, or says more than starttls, timeout and ca")
    user = unquote(parts.username or "")
    usual = _SUBMISSION if user and parts.scheme == "smtp" else _PORTS[parts.scheme]
    return Server(
        host=host,
        port=port or usual,
        user=user,
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=_starttls(asked.get("starttls", [""])[-1], login=bool(user), local=host in _LOCAL),
        timeout=_seconds(asked.get("timeout", [str(_TIMEOUT)])[-1]),
        ca=asked.get("ca", [""])[-1],
    )


_KEYS = {"starttls", "timeout", "ca"}


def _filled(url: str, environ: Mapping[str, str]) -> str:
    if missing := [name for name in _FILLED.findall(url) if name not in environ]:
        raise _wrong(f"names the variable {missing[0]}, which the environment does not have")
    if whole := _FILLED.fullmatch(url):
        return environ[whole[1]].strip()
    return _FILLED.sub(lambda found: quote(environ[found[1]].strip(), safe=":"), url)


def _starttls(word: str, *, login: bool, local: bool) -> StartTls:
    if word not in ("", "offered", "required", "never"):
        raise _wrong("has a starttls other than offered, required and never")
    if not login or (local and word):
        return "required" if word == "required" else "never" if word == "never" else "offered"
    if word in ("never", "offered"):
        raise _wrong(f"has a login and starttls={word}: a password is sent over an encrypted connection only")
    return "offered" if local else "required"


def _seconds(word: str) -> float:
    try:
        found = float(word.removesuffix("s"))
    except ValueError:
        found = 0.0
    if not 0 < found <= _END_TIMEOUT:
        raise _wrong(f"has a timeout that is no number of seconds up to {_END_TIMEOUT:.0f}")
    return found


def _wrong(what: str) -> ConfigError:
    form = "smtp://user:password@host:587 or smtps://user:password@host"
    return ConfigError(
        [
            f"the address of the mail server {what}: write {form} in {VARIABLE} or under mail.server, and in a name or "
            "password %40 for @, %2F for /, %23 for #, %3F for ?, %25 for %"
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who a mail is from and to, and its bytes, lines ended by CR LF. `utf8` says that its header is in UTF-8."""

    sender: str
    recipient: str
    message: bytes
    utf8: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a mail: `done`, refused at a stage with the server's code and words, or `lost`: the connection
    ended after the mail was whole, before the server answered.
    """

    stage: Stage
    code: int = 0
    text: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the mail is the server's now."""
        return self.stage == "done"

    @property
    def permanent(self) -> bool:
        """Whether trying again is of no use."""
        return self.code >= 500  # noqa: PLR2004 - RFC 5321, section 4.2.1

    @property
    def status(self) -> str:
        """Code and enhanced code (RFC 3463), which name nobody."""
        found = _ENHANCED.search(self.text)
        return f"{self.code} {found[1]}" if found else str(self.code)


class Line:
    """One connection to a server, for one mail after the other."""

    def __init__(self, place: Server) -> None:
        self._place = place
        self._client: aiosmtplib.SMTP | None = None
        self._transports: list[asyncio.BaseTransport | None] = []

    async def open(self) -> None:
        """Connect, encrypt, log in.

        Raises:
            DeliveryError: the server does not answer, or does not let us in.
        """
        place = self._place
        client = aiosmtplib.SMTP(
            hostname=place.host,
            port=place.port,
            timeout=place.timeout,
            use_tls=place.tls,
            start_tls=False,
            tls_context=_context(place) if place.tls or place.starttls != "never" else None,
        )
        self._client = client
        try:
            await self._welcomed(client)
        except (SMTPException, OSError, ValueError) as error:
            await self.close()
            raise self._failed(error) from error
        if isinstance(client.transport, WriteTransport):  # what is written has left us before the dot follows
            client.transport.set_write_buffer_limits(high=0)

    async def _welcomed(self, client: aiosmtplib.SMTP) -> None:
        """Connected, encrypted where that is wanted and offered, logged in, and told what the server can do."""
        place = self._place
        await client.connect()
        self._transports.append(client.transport)
        await client._ehlo_or_helo_if_needed()  # noqa: SLF001 - so that what the server can do is known
        offered = client.supports_extension("starttls")
        if not place.tls and (place.starttls == "required" or (place.starttls == "offered" and offered)):
            await client.starttls(tls_context=_context(place))
            self._transports.append(client.transport)
            await client._ehlo_or_helo_if_needed()  # noqa: SLF001 - as above
        if place.user:
            await client.login(place.user, place.password)

    @property
    def takes_utf8(self) -> bool:
        """Whether the server takes addresses beyond ASCII (RFC 6531)."""
        return self._client is not None and self._client.supports_extension("smtputf8")

    async def hand_over(self, mail: Envelope, sealed: Callable[[], None]) -> Answer:
        """Hand a mail over; `sealed` is called when all of it has been sent but the dot, and the dot follows.

        Raises:
            DeliveryError: the connection ended before that; the mail may be sent again.
        """
        client = self._client
        assert client is not None
        if mail.utf8 and not self.takes_utf8:
            return Answer(stage="recipient", code=553, text="5.6.7 the server takes no addresses beyond ASCII")
        try:
            if refused := await self._asked(client, mail):
                return refused
            await self._sent(client, mail.message)
        except (SMTPException, OSError) as error:
            await self.close()
            raise self._failed(error) from error
        sealed()
        return await self._ended(client)

    async def _asked(self, client: aiosmtplib.SMTP, mail: Envelope) -> Answer | None:
        """The envelope; what the server has against it."""
        encoding, options = ("utf-8", ["SMTPUTF8", "BODY=8BITMIME"]) if mail.utf8 else ("ascii", [])
        stage: Stage = "sender"
        try:
            await client.mail(mail.sender, options=options, encoding=encoding)
            stage = "recipient"
            await client.rcpt(mail.recipient, encoding=encoding)
        except (SMTPServerDisconnected, SMTPTimeoutError):
            raise
        except SMTPResponseException as error:
            return await self._refused(client, stage, error.code, error.message)
        reply = await client.execute_command(b"DATA")
        if reply.code != 354:  # noqa: PLR2004 - RFC 5321, section 4.3.2
            return await self._refused(client, "content", reply.code, reply.message)
        return None

    async def _refused(self, client: aiosmtplib.SMTP, stage: Stage, code: int, text: str) -> Answer:
        if code == CLOSING:
            raise SMTPServerDisconnected(f"{code} {text}")
        if client.is_connected:
            await client.rset()
        return Answer(stage=stage, code=code, text=text)

    async def _sent(self, client: aiosmtplib.SMTP, message: bytes) -> None:
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        body = dotted(message)
        for start in range(0, len(body), _PIECE):
            protocol.write(body[start : start + _PIECE])
            try:
                async with asyncio.timeout(self._place.timeout):  # a server may stop reading, and stay
                    await protocol._drain_helper()  # noqa: SLF001 - the flow control that its own writing goes without
            except TimeoutError as error:
                if isinstance(client.transport, WriteTransport):
                    client.transport.abort()  # there is nobody to take leave of
                raise SMTPTimeoutError("it does not go on taking the mail") from error

    async def _ended(self, client: aiosmtplib.SMTP) -> Answer:
        protocol = client.protocol
        try:
            if protocol is None:
                raise SMTPServerDisconnected("Connection lost")
            protocol.write(b".\r\n")
            reply = await protocol.read_response(timeout=_END_TIMEOUT)
        except (SMTPException, OSError) as error:
            await self.close()
            return Answer(stage="lost", text=str(error))
        if 200 <= reply.code < 300:  # noqa: PLR2004 - RFC 5321, section 4.2.1: whatever it says, it has the mail
            return Answer(stage="done", code=reply.code, text=reply.message)
        return Answer(stage="content", code=reply.code, text=reply.message)

    async def close(self) -> None:
        """Take leave of the server, where it is still there."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if client.is_connected:
                await client.quit(timeout=2)
        except (SMTPException, OSError):
            pass  # it left before us
        finally:
            client.close()
            for transport in self._transports:
                if isinstance(transport, WriteTransport):
                    transport.abort()  # all is said; a closing that waits for the other side may outlive the loop
            await asyncio.sleep(0)

    def _failed(self, error: Exception) -> DeliveryError:
        said = " ".join(str(error).split()) or type(error).__name__
        if self._place.password:
            said = said.replace(self._place.password, "***")
        return DeliveryError(f"the mail server {self._place} cannot be used ({said}): look at its address and its log")


def dotted(message: bytes) -> bytes:
    """A message with a dot before every line that begins with one (RFC 5321, section 4.5.2)."""
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\n.", b"\n..") if b"\n." in message else message


def _context(place: Server) -> ssl.SSLContext:
    import truststore  # noqa: PLC0415 - only where it is used

    if place.ca:
        try:
            return ssl.create_default_context(cafile=place.ca)
        except OSError as error:
            raise _wrong(f"names certificates that cannot be read ({error.strerror or error})") from error
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
