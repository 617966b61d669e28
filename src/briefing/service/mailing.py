"""What a mailing says: an issue, errata to one, the request to confirm; made once for all readers who want the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.delivery.letters import Content, Letter, Reader, Sender, message_id, subject
from briefing.delivery.smtp import Envelope
from briefing.editions.reduced import reduced
from briefing.errors import ConfigError
from briefing.mailbox import shown
from briefing.outputs import ISSUES
from briefing.outputs.mail_html import mail_html
from briefing.outputs.mail_notes import confirmation_page, confirmation_text, errata_page, errata_text
from briefing.outputs.mail_words import Frame, words
from briefing.service.issuing import edition
from briefing.service.moments import known_at
from briefing.service.optin import confirm_url
from briefing.service.publishing import version_path
from briefing.service.tokens import PREFERENCES, UNSUBSCRIBE, keeper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.documents import Erratum, Issue
    from briefing.model import Issued, Post, Site, Subscriber
    from briefing.projections.mailboxes import Request
    from briefing.service.desk import Desk

_BODIES = ("html", "text")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Taste:
    """What sets one reader's copy apart from another's but for his name: topics, formats, language of our words (empty
    for the site's).
    """

    topics: tuple[str, ...]
    formats: tuple[str, ...]
    language: str


def taste(subscriber: Subscriber) -> Taste:
    """What a subscriber wants."""
    return Taste(topics=tuple(sorted(subscriber.topics)), formats=subscriber.formats, language=subscriber.language)


def issue_mailing(issued: Issued) -> str:
    """The name of the mailing of an issue, whatever its version: each reader gets one mail of it."""
    return f"issue:{issued.briefing}:{issued.period}"


def sender(site: Site, post: Post, list_name: str, title: str) -> Sender:
    """Who a list's mails are from.

    Raises:
        ConfigError: nobody is named.
    """
    address = post.sender or (site.contact if "@" in site.contact and "://" not in site.contact else "")
    if not address:
        raise ConfigError(["mail needs a sender, and the site's contact is no mail address: write mail.from"])
    return Sender(
        address=address,
        name=site.title,
        list_id=f"{list_name}.{post.list_id or address.rpartition('@')[2]}".lower(),
        list_title=title,
        reply_to=post.reply_to,
        unsubscribe_to=post.unsubscribe_to,
    )


class IssueMail:
    """The mails of one issue."""

    def __init__(self, desk: Desk, post: Post, issued: Issued) -> None:
        self._desk = desk
        self._issued = issued
        self._library = known_at(desk, issued.as_of)
        self._site = self._library.site()
        self._briefing = next(one for one in self._library.briefings() if one.id == issued.briefing)
        self._sender = sender(self._site, post, issued.briefing, self._briefing.title)
        self._addresses = Addresses(desk)
        self._made: Issue | None = None
        self._last: tuple[Taste, Letter, Frame] | None = None
        self.mailing = issue_mailing(issued)
        folder = version_path(issued.briefing, issued.period, issued.version)
        self.archived = f"{self._site.url}/{folder}/"
        self._files = desk.public / folder

    @property
    def subject(self) -> str:
        """The subject of all copies."""
        return subject(self._site.title, self._briefing.title, self._issued.period)

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return self._sender.address

    def copy(self, reader: Subscriber) -> Envelope:
        """A reader's copy; copies of one taste are best asked for one after the other."""
        letter, frame = self._letter(taste(reader))
        whom = self._addresses.reader(self.mailing, reader)
        own = (shown(whom.address), whom.preferences, whom.unsubscribe)
        return enveloped(self.sender, whom, letter.to(whom, frame.own_text(*own), frame.own_html(*own)))

    def missing(self, wanted: Taste) -> tuple[str, ...]:
        """The formats that a reader wants attached and that this issue does not have."""
        attached = [name for name in wanted.formats if name not in _BODIES and name in ISSUES]
        return tuple(name for name in attached if not (self._files / ISSUES[name].file).is_file())

    def _letter(self, wanted: Taste) -> tuple[Letter, Frame]:
        if self._last is None or self._last[0] != wanted:
            self._last = (wanted, *self._composed(wanted))
        return self._last[1:]

    def _composed(self, wanted: Taste) -> tuple[Letter, Frame]:
        whole = self._whole()
        known = {one.id for one in whole.topic_list}
        topics = [topic for topic in wanted.topics if topic in known]
        made = reduced(whole, topics) if topics else whole
        language = wanted.language or self._site.language
        frame = Frame(
            language=language,
            archived=self.archived,
            title=self._briefing.title,
            note=_note(whole, made, topics, language) if topics else "",
        )
        content = Content(
            subject=self.subject,
            date=self._issued.published_at,
            text=frame.text(ISSUES["text"].render(made).decode()),
            html=None if _plain_only(wanted) else mail_html(ISSUES["html"].render(made), frame),
            archived=self.archived,
            attachments=self._attachments(wanted),
        )
        return Letter(self.mailing, self._sender, content), frame

    def _whole(self) -> Issue:
        """The issue as it was published, without what was taken down since."""
        if self._made is None:
            one = self._issued
            self._made = edition(
                self._desk, self._library, one.briefing, one.period, version=one.version, as_of=one.as_of,
                order=one.items,
            )  # fmt: skip
        return self._made

    def _attachments(self, wanted: Taste) -> dict[str, bytes]:
        """The published files, named after the issue; those that are not there are left out."""
        found = {}
        for name in wanted.formats:
            if name in _BODIES or name not in ISSUES:
                continue
            file = self._files / ISSUES[name].file
            if file.is_file():
                found[f"{self._issued.briefing}-{self._issued.period}{file.suffix}"] = file.read_bytes()
        return found


class ErrataMail:
    """The mails of errata to one issue, each an answer to the mail of that issue."""

    def __init__(self, desk: Desk, post: Post, mailing: str, issued: Issued, errata: Sequence[Erratum]) -> None:
        self._desk = desk
        self._errata = errata
        site = desk.library.site()
        self._language = site.language
        self._title = next(
            (one.title for one in desk.library.briefings() if one.id == issued.briefing), issued.briefing
        )
        self._sender = sender(site, post, issued.briefing, self._title)
        self._addresses = Addresses(desk)
        self._letters: dict[tuple[str, bool], tuple[Letter, Frame]] = {}
        self._issued = issued
        self._archived = f"{site.url}/{version_path(issued.briefing, issued.period, issued.version)}/"
        self.mailing = mailing

    def copy(self, reader: Subscriber) -> Envelope:
        """A reader's copy."""
        wanted = taste(reader)
        which = (wanted.language or self._language, _plain_only(wanted))
        if which not in self._letters:
            self._letters[which] = self._composed(*which)
        letter, frame = self._letters[which]
        answered = sent_as(self._desk, issue_mailing(self._issued), reader.id, self._sender.domain)
        whom = self._addresses.reader(self.mailing, reader, after=answered)
        own = (shown(whom.address), whom.preferences, whom.unsubscribe)
        return enveloped(self._sender.address, whom, letter.to(whom, frame.own_text(*own), frame.own_html(*own)))

    def _composed(self, language: str, plain: bool) -> tuple[Letter, Frame]:  # noqa: FBT001 - a part of the key
        frame = Frame(language=language, archived=self._archived, title=self._title)
        heading = f"Erratum: {self._title}" if len(self._errata) == 1 else f"Errata: {self._title}"
        page = errata_page(self._errata, language, f"{heading} {self._issued.period}")
        last = max((one.at for one in self._errata if one.at is not None), default=self._issued.published_at)
        content = Content(
            subject=subject(self._desk.library.site().title, heading, self._issued.period),
            date=last,
            text=frame.text(errata_text(self._errata, language)),
            html=None if plain else mail_html(page, frame),
            archived=self._archived,
        )
        return Letter(self.mailing, self._sender, content), frame


def confirmation(desk: Desk, post: Post, request: Request) -> Envelope:
    """The mail that asks somebody to confirm what was asked for in his name; it belongs to no list."""
    site, titles = desk.library.site(), {one.id: one.title for one in desk.library.briefings()}
    title = ", ".join(titles.get(name, name) for name in sorted(request.wishes))
    language = next((wish.language for wish in request.wishes.values() if wish.language), site.language)
    heading, url = words(language).confirm_subject.format(title=title), confirm_url(desk, request)
    frame = Frame(language=language, archived="", title=title)
    address = shown(request.address)
    from_whom = sender(site, post, "confirmations", site.title)
    content = Content(
        subject=heading,
        date=request.asked_at,
        text=(confirmation_text(title, address, url, language), ""),
        html=mail_html(confirmation_page(title, address, url, language), frame),
        list_mail=False,
    )
    whom = Reader(address=request.address, key=request.id)
    return enveloped(from_whom.address, whom, Letter("confirmation", from_whom, content).to(whom, ""))


def _plain_only(wanted: Taste) -> bool:
    return bool(wanted.formats) and "text" in wanted.formats and "html" not in wanted.formats


def _note(whole: Issue, made: Issue, topics: Sequence[str], language: str) -> str:
    names: dict[str, str] = {one.id: one.name for one in whole.topic_list}
    return words(language).topics.format(
        topics=", ".join(names[topic] for topic in topics), kept=len(made.references), all=len(whole.references)
    )


class Addresses:
    """Readers as mailings name them; the key of their links is read once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._keeper = keeper(desk)
        self._site = desk.library.site().url

    def reader(self, mailing: str, subscriber: Subscriber, after: str = "") -> Reader:
        """A subscriber with his own links; `after` is the id of the message that this one answers."""
        return Reader(
            address=subscriber.address,
            key=key(self._desk, mailing, subscriber.id),
            name=subscriber.name,
            unsubscribe=self._link(UNSUBSCRIBE, subscriber),
            preferences=self._link(PREFERENCES, subscriber),
            after=after,
        )

    def _link(self, purpose: str, subscriber: Subscriber) -> str:
        return f"{self._site}/{purpose}/{self._keeper.token(purpose, subscriber.id, subscriber.briefing)}"


def key(desk: Desk, mailing: str, recipient: str) -> str:
    """What a recipient is called in the ids of a mailing's messages: it leads nobody but us to him."""
    return desk.store.keyed("mail", mailing, recipient)


def sent_as(desk: Desk, mailing: str, recipient: str, domain: str) -> str:
    """The message id of the mail of a mailing that a recipient got."""
    return message_id(mailing, key(desk, mailing, recipient), domain)


def enveloped(from_whom: str, whom: Reader, message: bytes) -> Envelope:
    """A message with where it comes from and goes to."""
    return Envelope(sender=from_whom, recipient=whom.address, message=message, utf8=not whom.address.isascii())
