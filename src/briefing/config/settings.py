"""From the shape of the file to the frozen values that the other rooms know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.config import logos, overrides, values
from briefing.model import (
    Archive,
    ArticleRules,
    Briefing,
    Channel,
    Digest,
    FetchPolicy,
    House,
    Limits,
    ListRules,
    Named,
    Post,
    Roster,
    Settings,
    Site,
    Source,
    SourceId,
    StoryRules,
    Topic,
    TopicId,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefing.config.output_shapes import BriefingShape, ChannelShape, DigestShape, HouseShape, MailShape
    from briefing.config.shape import FetchShape, FileShape, NamedShape, SiteShape, TopicShape
    from briefing.config.source_shapes import ArchiveShape, ArticleShape, ListShape, SourceShape

_ANY_LINK = "a[href]"  # on a page whose items are told by their addresses alone


def settings(
    shape: FileShape, formats: Sequence[str], folder: Path, *, every: bool = False, name: str = "sources.yaml"
) -> Settings:
    """The settings of a file found right, in its order: sources that are off are left out, unless `every` is wanted.

    It lies in `folder` under its `name`, and so do the files that it names.
    """
    topics = tuple(_topic(topic) for topic in shape.topics)
    every_topic = tuple(topic.id for topic in topics)
    return Settings(
        site=_site(shape.site),
        fetch=_fetch(shape.fetch),
        sources=tuple(_source(source, folder) for source in shape.sources if source.enabled or every),
        topics=topics,
        digests=tuple(_digest(digest) for digest in shape.digests),
        briefings=tuple(_briefing(briefing, every_topic, formats) for briefing in shape.briefings),
        witness=shape.log.witness,
        stories=StoryRules(**shape.stories.model_dump()),
        institutions=tuple(_named(one) for one in shape.institutions),
        deliver=tuple(_channel(one, folder) for one in shape.deliver),
        rosters=tuple(_roster(one, every_topic, formats, folder / name) for one in shape.briefings if one.recipients),
        subscription=shape.site.subscribe,
        house=_house(shape.house, folder),
        templates=overrides.read(folder),
        beside=_beside(shape.house, folder),
        mail=_mail(shape.mail, folder),
        resting=tuple(_source(source, folder) for source in shape.sources if not (source.enabled or every)),
    )


def _site(shape: SiteShape) -> Site:
    return Site(
        title=shape.title,
        url=shape.url,
        language=shape.language,
        timezone=shape.timezone,
        contact=shape.contact,
        countries=shape.countries,
        hub=shape.hub,
        licence=shape.licence or "",
    )


def _beside(shape: HouseShape, folder: Path) -> tuple[str, ...]:
    logo = (str(folder / shape.logo),) if shape.logo else ()
    return (*logo, *map(str, overrides.fonts(folder)))


def _house(shape: HouseShape, folder: Path) -> House:
    return House(
        name=shape.name,
        logo=logos.read(folder / shape.logo) if shape.logo else "",
        footer=shape.footer,
        **shape.colours.model_dump(),
    )


def _fetch(shape: FetchShape) -> FetchPolicy:
    return FetchPolicy(
        every=shape.every,
        timeout=shape.timeout,
        max_bytes=shape.max_bytes,
        per_host=shape.per_host,
        spacing=shape.spacing,
        allow_networks=tuple(shape.allow_networks),
    )


def _source(shape: SourceShape, folder: Path) -> Source:
    return Source(
        id=SourceId(shape.id),
        name=shape.name,
        institution=shape.institution,
        country=shape.country,
        url=shape.url,
        kind=shape.kind,
        language=shape.language,
        timezone=shape.timezone,
        every=shape.every,
        full_text=shape.full_text,
        listing=_listing(shape),
        article=_article(shape.article) if shape.article else None,
        include=tuple(shape.include),
        exclude=tuple(shape.exclude),
        licence=shape.licence,
        redistribute=shape.redistribute,
        text_status=shape.text_status,
        own_domain_only=shape.own_domain_only,
        headers=dict(shape.headers),
        user_agent=shape.user_agent,
        ca_file=str(folder / shape.ca_file) if shape.ca_file else None,
        allow_http=shape.allow_http,
        pagination=shape.pagination,
        archive=_archive(shape.archive) if shape.archive else None,
        backfill_since=shape.backfill_since,
        recheck=shape.recheck,
    )


def _archive(shape: ArchiveShape) -> Archive:
    return Archive(url=shape.url, kind=shape.kind, listing=_listing(shape), pagination=shape.pagination)


def _listing(source: SourceShape | ArchiveShape) -> ListRules | None:
    rules: ListShape | None = source.listing
    if rules is None:
        return ListRules(item=_ANY_LINK) if source.kind == "page" else None
    return ListRules(
        item=rules.item or _ANY_LINK,
        title=rules.title,
        link=rules.link,
        date=rules.date,
        date_format=rules.date_format,
        next=rules.next,
    )


def _article(shape: ArticleShape) -> ArticleRules:
    return ArticleRules(
        title=shape.title, body=shape.body, date=shape.date, date_format=shape.date_format, drop=tuple(shape.drop)
    )


def _topic(shape: TopicShape) -> Topic:
    return Topic(
        id=TopicId(shape.id),
        name=shape.name,
        description=shape.description,
        phrases={language: tuple(phrases) for language, phrases in shape.phrases.items() if phrases},
        exclude={language: tuple(phrases) for language, phrases in (shape.exclude or {}).items() if phrases},
        semantic=shape.semantic,
    )


def _named(shape: NamedShape) -> Named:
    aliases = {language: tuple(dict.fromkeys(listed)) for language, listed in shape.aliases.items() if listed}
    return Named(id=shape.id, name=shape.name, aliases=aliases)


def _mail(shape: MailShape, folder: Path) -> Post:
    return Post(
        server=shape.server,
        sender=shape.sender,
        reply_to=shape.reply_to,
        unsubscribe_to=shape.unsubscribe_to,
        list_id=shape.list_id,
        rate=shape.rate,
        connections=shape.connections,
        bounces=str(folder / shape.bounces) if shape.bounces else "",
        soft_bounces=shape.soft_bounces,
    )


def _digest(shape: DigestShape) -> Digest:
    return Digest(
        id=shape.id,
        title=shape.title,
        description=shape.description,
        bundle=shape.bundle,
        topics=tuple(TopicId(topic) for topic in shape.topics),
        sources=tuple(SourceId(source) for source in shape.sources),
        institutions=tuple(shape.institutions),
        countries=tuple(shape.countries),
        languages=tuple(shape.languages),
        query=shape.query,
        stories=shape.stories,
        suggestions="include" if shape.suggestions == "include" else None,
        mentions=tuple(shape.mentions),
    )


def _channel(shape: ChannelShape, folder: Path) -> Channel:
    stored = shape.kind == "s3"
    return Channel(
        id=shape.id,
        kind=shape.kind,
        url=shape.url or (f"https://s3.{shape.region}.amazonaws.com" if stored else ""),
        url_env=shape.url_env or "",
        secret_env=shape.secret_env or ("AWS_SECRET_ACCESS_KEY" if stored else ""),
        key_env=shape.key_env or ("AWS_ACCESS_KEY_ID" if stored else ""),
        events=tuple(dict.fromkeys(shape.events)),
        digests=tuple(dict.fromkeys(shape.digests)),
        give_up=shape.give_up,
        allow_private=shape.allow_private,
        path=str(folder / shape.path) if shape.path else "",
        bucket=shape.bucket or "",
        prefix=shape.prefix,
        region=shape.region,
    )


def _roster(shape: BriefingShape, every_topic: tuple[TopicId, ...], formats: Sequence[str], file: Path) -> Roster:
    inline = not isinstance(shape.recipients, str)
    return Roster(
        briefing=shape.id,
        file=str(file if inline else file.parent / shape.recipients.strip()),
        inline=inline,
        topics=tuple(shape.topics) or every_topic,
        formats=tuple(formats),
    )


def _briefing(shape: BriefingShape, every_topic: tuple[TopicId, ...], formats: Sequence[str]) -> Briefing:
    appears = shape.publish or values.APPEARS[shape.period]
    return Briefing(
        id=shape.id,
        title=shape.title,
        period=shape.period,
        weekday=appears.weekday or 0,
        hour=appears.hour,
        minute=appears.minute,
        topics=tuple(TopicId(topic) for topic in shape.topics) or every_topic,
        formats=tuple(dict.fromkeys(shape.formats)) or tuple(formats),
        monthday=appears.monthday or 1,
        limits=Limits(**shape.limits.model_dump()),
    )
