"""Addresses of mail servers, encryption and logins, and mails as bytes."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.policy import default

import pytest
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st

from briefing.config import mailing
from briefing.delivery.letters import Content, Letter, Reader, Sender, subject
from briefing.delivery.smtp import Envelope, Line, Server, dotted, server
from briefing.errors import ConfigError, DeliveryError
from briefing.outputs.mail_html import mail_html
from briefing.outputs.mail_words import WORDS, Frame
from mail_support import parsed, postbox  # type: ignore[import-not-found]  # the folder is on pytest's path

SENDER = Sender(address="a@desk.example", name="Desk", list_id="weekly.desk.example", list_title="The week")
FRAME = Frame(language="en", archived="https://desk.example/briefings/weekly/2026-W09/v1/", title="The week")

# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://post.example", ("post.example", 25, "", False, "offered")),
        ("smtp://ada:pa%40ss@post.example", ("post.example", 587, "pa@ss", False, "required")),
        ("smtp://ada:${SECRET}@post.example:2525", ("post.example", 2525, "s3cret", False, "required")),
        ("smtps://ada:x@post.example", ("post.example", 465, "x", True, "required")),
        ("smtp://127.0.0.1:1025?starttls=never&timeout=5", ("127.0.0.1", 1025, "", False, "never")),
        ("smtp://ada:x@localhost?starttls=never", ("localhost", 587, "x", False, "never")),
        ("smtp://post.example?starttls=required", ("post.example", 25, "", False, "required")),
        ("${WHOLE}", ("post.example", 26, "", False, "offered")),
    ],
)
def test_an_address_names_host_login_and_encryption(url, found):
    made = server(url, {"SECRET": "s3cret", "WHOLE": "smtp://post.example:26"})
    assert (made.host, made.port, made.password, made.tls, made.starttls) == found
    assert "password" not in repr(made)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://ada:s3cret@post.example", "names no server"),
        ("smtp://", "names no server"),
        ("smtp://ada:s3cret@post.example:x", "cannot be read"),
        ("smtp://ada:s3cret@post.example?starttls=never", "sent over an encrypted connection only"),
        ("smtp://ada:s3cret@post.example?starttls=offered", "sent over an encrypted connection only"),
        ("smtp://post.example?starttls=perhaps", "other than offered, required and never"),
        ("smtp://post.example?timeout=long", "no number of seconds"),
        ("smtp://post.example?colour=red", "more than starttls, timeout and ca"),
        ("smtp://ada:${NOBODY}@post.example", "the variable NOBODY"),
    ],
)
def test_what_is_no_address_is_told_without_its_password(url, said):
    with pytest.raises(ConfigError, match=said) as caught:
        server(url, {})
    assert "s3cret" not in str(caught.value)


def test_a_password_from_a_variable_may_hold_any_letters():
    secret = "a/b?c#d@e%2F:f"
    made = server("smtp://ada:${SECRET}@post.example:26", {"SECRET": secret})
    assert (made.host, made.port, made.user, made.password) == ("post.example", 26, "ada", secret)


# ---------------------------------------------------------------- encryption and logins


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine, signed by nobody but itself."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, folder, now = ec.generate_private_key(ec.SECP256R1()), tmp_path_factory.mktemp("tls"), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "post.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(secret + pem)
    (folder / "ca.pem").write_bytes(pem)
    return folder


def handed(place, address="ada@ministry.example", message=b"Subject: x\r\n\r\n.dots\r\n..\r\n"):
    async def run():
        line = Line(place)
        await line.open()
        sealed = []
        try:
            answer = await line.hand_over(
                Envelope(sender="a@desk.example", recipient=address, message=message), lambda: sealed.append(1)
            )
        finally:
            await line.close()
        return answer, sealed

    return asyncio.run(run())


def encrypted(certificate, **how):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    return postbox(tls_context=context, **how)


def test_a_login_goes_over_an_encrypted_connection_that_is_checked(certificate):
    told = []

    def login(_server, _session, _envelope, _mechanism, data):
        told.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret")

    with encrypted(certificate, authenticator=login, auth_required=True) as box:
        ca = f"timeout=1&ca={certificate}/ca.pem"
        place = server(f"smtp://ada:s3cret@127.0.0.1:{box.port}?starttls=required&{ca}", {})
        assert handed(place)[0].accepted
        assert (box.tls, told) == ([True], [(b"ada", b"s3cret")])
        wrong = server(f"smtp://ada:guess@127.0.0.1:{box.port}?starttls=required&{ca}", {})
        with pytest.raises(DeliveryError, match="cannot be used") as caught:
            handed(wrong)
        assert "guess" not in str(caught.value)
        with pytest.raises(DeliveryError, match="cannot be used"):  # signed by nobody whom the system trusts
            handed(server(f"smtp://127.0.0.1:{box.port}?starttls=required&timeout=1", {}))


def test_encryption_is_taken_where_it_is_offered(certificate):
    with encrypted(certificate) as box:
        assert handed(server(f"smtp://127.0.0.1:{box.port}?ca={certificate}/ca.pem", {}))[0].accepted
        assert box.tls == [True]
    with postbox() as box:
        assert handed(server(box.url, {}))[0].accepted
        with pytest.raises(DeliveryError, match="cannot be used"):
            handed(server(f"{box.url}?starttls=required&timeout=1", {}))
        assert box.tls == [False]


def test_lines_that_begin_with_a_dot_arrive_as_they_are():
    with postbox() as box:
        answer, sealed = handed(server(box.url, {}))
        assert (answer.accepted, sealed) == (True, [1])
        assert box.bytes[0][1] == b"Subject: x\r\n\r\n.dots\r\n..\r\n"


def test_a_server_that_stops_taking_a_mail_is_left_before_its_end():
    def deaf(listening):
        line, _ = listening.accept()
        line.sendall(b"220 post.example\r\n")
        for answer in (b"250 hello", b"250 fine", b"250 fine", b"354 go on"):
            line.recv(1000)
            line.sendall(answer + b"\r\n")
        stays.wait(30)
        line.close()

    stays = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        thread = threading.Thread(target=deaf, args=(listening,))
        thread.start()
        place = server(f"smtp://127.0.0.1:{listening.getsockname()[1]}?timeout=0.3", {})
        with pytest.raises(DeliveryError, match="does not go on"):
            handed(place, message=b"Subject: x\r\n\r\n" + b"x" * 76 * 200_000)
        stays.set()
        thread.join()


@pytest.mark.parametrize("code", ["250", "251"])
def test_a_server_that_says_yes_in_another_way_has_the_mail(code):
    with postbox() as box:
        box.says = lambda stage, _: f"{code} 2.0.0 kept" if stage == "done" else None
        assert handed(server(box.url, {}))[0].accepted


def test_a_server_without_utf8_is_not_offered_such_an_address():
    async def run(place):
        line = Line(place)
        await line.open()
        mail = Envelope(sender="a@desk.example", recipient="ünal@x.example", message=b"Subject: x\r\n\r\n", utf8=True)
        try:
            return await line.hand_over(mail, lambda: None)
        finally:
            await line.close()

    with postbox(enable_SMTPUTF8=False) as box:
        answer = asyncio.run(run(server(box.url, {})))
        assert (answer.stage, answer.permanent, answer.status) == ("recipient", True, "553 5.6.7")
        assert box.bytes == []


@given(st.binary(max_size=60))
def test_no_message_ends_before_its_end(body):
    sent = dotted(b"A: b\r\n\r\n" + body.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n")
    assert b"\r\n.\r\n" not in sent


# ---------------------------------------------------------------- mails as bytes

TEXT = st.text(st.characters(codec="utf-8"), max_size=80)


def letter(text="Hello\n", html=None, **more):
    content = Content(subject="The week 2026-W09 of it", date=datetime(2026, 3, 2, tzinfo=UTC), text=(text, "end\n"),
                      html=html, **more)  # fmt: skip
    return Letter("issue:weekly:2026-W09", SENDER, content)


@given(TEXT, TEXT, TEXT)
def test_whatever_is_said_arrives_and_no_header_comes_of_it(words, own, name):
    reader = Reader(address="ada@ministry.example", key="0" * 32, name=name, unsubscribe="https://desk.example/u/x")
    body = letter(words, (f"<p>{words}</p>", "<p>end</p>")).to(reader, own, own)
    mail = parsed(body)
    assert body.isascii()
    assert mail["To"].addresses[0].addr_spec == "ada@ministry.example"
    assert sorted({name.lower() for name in mail}) == [
        "auto-submitted", "content-language", "content-type", "date", "from", "list-id", "list-unsubscribe",
        "list-unsubscribe-post", "message-id", "mime-version", "precedence", "subject", "to",
    ]  # fmt: skip
    assert max(map(len, body.split(b"\r\n"))) <= 78 + 120
    assert "end" in str(mail.get_body(("plain",)).get_content())


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=90)
)
def test_a_subject_has_twenty_to_fifty_characters_and_ends_with_the_period(title):
    made = subject("Harbour Watch of Aldava", title, "2026-W09")
    assert 20 <= len(made) <= 50
    assert made.endswith("2026-W09")


def test_a_long_title_is_cut_where_it_has_a_joint():
    assert subject("D", "Aldava, Brenn and the Outer Shelf – the week in short", "2017-W12").endswith("Shelf 2017-W12")
    words = "What ministries and institutes of all shelves said and did"
    assert subject("D", words, "2017-W12") == "What ministries and institutes of all… 2017-W12"


def test_what_is_cut_is_named_and_its_links_lead_to_the_web():
    parts = "".join(f'<section><h2 id="p{n}">Part {n}</h2><p>{"word " * 400}<a href="#p9">nine</a></p></section>'
                    for n in range(10))  # fmt: skip
    first, last = mail_html(f"<html><body><main>{parts}</main></body></html>".encode(), FRAME, 9000)
    whole = first + last
    assert len(whole.encode()) < 10_500
    assert "Left out: Part 4, Part 5, Part 6, Part 7, Part 8, Part 9." in whole
    assert f'href="{FRAME.archived}#p9"' in whole


def test_every_language_has_all_sentences_with_the_same_places():
    import re

    fields = {name: set(re.findall(r"{\w*}", getattr(WORDS["en"], name))) for name in WORDS["en"].__slots__}
    for said in WORDS.values():
        assert {name: set(re.findall(r"{\w*}", getattr(said, name))) for name in fields} == fields


def test_a_server_is_named_without_its_login():
    assert str(Server(host="post.example", port=25, user="ada", password="s3cret")) == "post.example:25"
    assert (
        email.message_from_bytes(letter().to(Reader(address="a@b.example", key="k"), ""), policy=default)["Bcc"] is None
    )


@pytest.mark.parametrize(
    "url",
    ["smtp://post.example?starttls=perhaps", "smtp://post.example/in", "smtp://post.example?size=9", "post:25"],
)
def test_a_configured_server_that_could_not_be_used_is_refused_with_the_file(url):
    with pytest.raises(ValueError, match="starttls=required or never"):
        mailing.server(url)


@pytest.mark.parametrize(
    "url",
    ["${WHOLE}", "smtp://ada:${PW}@${HOST}:${PORT}?starttls=${HOW}", "smtps://post.example?ca=/etc/ca.pem&timeout=9"],
)
def test_a_configured_server_may_be_of_variables(url):
    assert mailing.server(url) == url
