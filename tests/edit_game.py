"""Invented statements in three languages, whole pages around them, edits that a reader notices and noise that none does.

Everything follows from a seed. An edit changes the statement, noise what stands around it or how it is written.
"""

# ruff: noqa: E501 - tables of sentences and of markup

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from html import escape

LANGUAGES = ("en", "ja", "ru")

_NAMES = {
    "en": ["Okeke", "Lindqvist", "Marchetti", "Osei", "Halloran", "Petrakis", "Adeyemi", "Valborg"],
    "ru": ["Берегов", "Луговской", "Заречный", "Холмин", "Островский", "Причалов"],
    "ja": ["アデバヨ", "リンドクヴィスト", "マルケッティ", "オセイ", "ペトラキス", "ハロラン"],
}
_PLACES = {
    "en": ["Port Varro", "Estermark", "Lake Onda", "Cape Ilva", "Norhaven"],
    "ru": ["Варро", "Эстермарке", "Норхавене", "Ильве"],
    "ja": ["ヴァッロ港", "東浜市", "北島", "南川町"],
}
_MONTHS = {
    "en": ["January", "March", "April", "June", "July", "October", "November"],
    "ru": ["января", "марта", "апреля", "июня", "июля", "октября", "ноября"],
}
_SENTENCES = {
    "en": [
        "Minister {name} met the harbour pilots of {place} on {date}.",
        "The delegation spoke for {number} minutes about the ferry line.",
        "According to {name}, the ferries carried {number} passengers last year.",
        "The two sides do not plan another meeting before {date}.",
        "The board of {place} has approved {number} million crowns for the new quay.",
        "The treaty will enter into force on {date}, said {name}.",
        "No ship was turned away at {place} during the storm.",
        "Talks about the fishing grounds continue at the level of experts.",
        "The parties reaffirmed that the strait is open to all vessels.",
        "The commission received {number} letters from residents of {place}.",
    ],
    "ru": [
        "Министр {name} встретился с лоцманами в {place} {date}.",
        "Делегация обсуждала паромную линию {number} минут.",
        "По словам секретаря, паромы перевезли {number} пассажиров за прошлый год.",
        "Стороны не планируют новой встречи до {date}.",
        "Совет одобрил {number} миллионов крон на новый причал.",
        "Договор вступит в силу {date}, сообщил {name}.",
        "Переговоры о рыбных промыслах продолжаются на уровне экспертов.",
        "Стороны подтвердили, что пролив открыт для всех судов.",
        "Комиссия получила {number} писем от жителей.",
        "Представитель {name} никогда не отрицал этого соглашения.",
    ],
    "ja": [
        "{name}大臣は{date}に{place}で水先人と会談した。",
        "代表団は渡し船の航路について{number}分間話し合った。",
        "渡し船は昨年{number}人の乗客を運んだと{name}氏は述べた。",
        "双方は{date}まで新たな会合を予定していない。",
        "{place}の委員会は新しい岸壁に{number}億円を承認した。",
        "条約は{date}に発効すると{name}長官は説明した。",
        "漁場に関する協議は専門家の間で続いている。",
        "双方は海峡がすべての船舶に開かれていることを確認した。",
        "委員会は住民から{number}通の手紙を受け取った。",
        "嵐の間、{place}で入港を断られた船はなかった。",
    ],
}
_NEGATED = {
    "en": [(" has approved ", " has not approved "), (" do not plan ", " plan "), (" met the ", " never met the "), (" is open ", " is not open "),
           (" continue ", " do not continue "), ("No ship was", "A ship was"), (" will enter ", " will not enter "), (" received ", " did not receive "),
           (" carried ", " hardly carried "), (" spoke for ", " never spoke for ")],
    "ru": [(" не планируют ", " планируют "), (" одобрил ", " не одобрил "), (" открыт ", " не открыт "), (" вступит ", " не вступит "),
           (" встретился ", " не встретился "), (" продолжаются ", " не продолжаются "), (" получила ", " не получила "), (" никогда не отрицал ", " отрицал "),
           (" обсуждала ", " не обсуждала "), (" перевезли ", " не перевезли ")],
    "ja": [("予定していない。", "予定している。"), ("承認した。", "承認しなかった。"), ("開かれている", "開かれていない"), ("続いている。", "続いていない。"),
           ("会談した。", "会談していない。"), ("話し合った。", "話し合わなかった。"), ("受け取った。", "受け取っていない。"), ("船はなかった。", "船があった。"),
           ("発効する", "発効しない"), ("運んだ", "運ばなかった")],
}  # fmt: skip
_TITLES = {
    "en": "Readout of the talks on ferry line {n}",
    "ru": "О переговорах по паромной линии {n}",
    "ja": "渡し船航路{n}に関する会談",
}


@dataclass(frozen=True)
class Statement:
    """A statement: its paragraphs are lists of sentences."""

    language: str
    title: str
    paragraphs: tuple[tuple[str, ...], ...]
    day: str


@dataclass(frozen=True)
class Page:
    """What stands around a statement, and how the statement is written. `marks` are changes of writing, by name."""

    layout: int
    seed: int
    views: int = 1204
    comments: int = 3
    ago: int = 3
    year: int = 2026
    related: tuple[str, ...] = ()
    session: str = "a1b2c3d4e5f6"
    advert: str = "Warm coats for cold quays"
    banner: str = "Regatta week"
    printed: str = "12:03"
    cookie: bool = False
    share: bool = False
    menu: tuple[str, ...] = ("Home", "News", "Contact")
    marks: frozenset[str] = field(default_factory=frozenset)


def statements(seed: int, count: int) -> list[Statement]:
    chance = random.Random(seed)
    return [_statement(chance, LANGUAGES[number % len(LANGUAGES)], number) for number in range(count)]


def _statement(chance: random.Random, language: str, number: int) -> Statement:
    chosen = chance.sample(_SENTENCES[language], chance.randint(4, 9))
    told = [_filled(chance, language, sentence) for sentence in chosen]
    cut = chance.randint(1, len(told) - 1)
    parts = (tuple(told[:cut]), tuple(told[cut:]))
    return Statement(language, _TITLES[language].format(n=number + 1), parts, "2026-11-23")


def _filled(chance: random.Random, language: str, sentence: str) -> str:
    return sentence.format(
        name=chance.choice(_NAMES[language]), place=chance.choice(_PLACES[language]), number=chance.randint(11, 980),
        date=_date(chance, language),
    )  # fmt: skip


def _date(chance: random.Random, language: str) -> str:
    day, year = chance.randint(1, 28), chance.randint(2024, 2031)
    if language == "ja":
        return (
            f"令和{year - 2018}年{chance.randint(1, 12)}月{day}日"
            if chance.random() < 0.5
            else f"{chance.randint(1, 12)}月{day}日"
        )
    month = chance.choice(_MONTHS[language])
    return f"{day} {month} {year}" + (" года" if language == "ru" else "")


# ---------------------------------------------------------------- edits

EDITS = ("number", "date", "name", "negation", "removed", "added")


def edited(statement: Statement, kind: str, chance: random.Random) -> Statement | None:
    """The statement after an edit of that kind; None where it holds nothing to edit so."""
    places = [(p, s) for p, sentences in enumerate(statement.paragraphs) for s in range(len(sentences))]
    chance.shuffle(places)
    for p, s in places:
        sentence = statement.paragraphs[p][s]
        if kind in ("removed", "added"):
            new = None if kind == "removed" else sentence
            extra = _filled(chance, statement.language, chance.choice(_SENTENCES[statement.language]))
            if kind == "removed" and len(statement.paragraphs[p]) == 1:
                continue
            if kind == "added" and any(extra[:12] == one[:12] for part in statement.paragraphs for one in part):
                continue
            return _with(statement, p, s, [] if new is None else [sentence, extra])
        changed = _changed(sentence, kind, statement.language, chance)
        if changed and changed != sentence:
            return _with(statement, p, s, [changed])
    return None


def _with(statement: Statement, p: int, s: int, new: list[str]) -> Statement:
    parts = [list(sentences) for sentences in statement.paragraphs]
    parts[p][s : s + 1] = new
    return replace(statement, paragraphs=tuple(map(tuple, parts)))


def _changed(sentence: str, kind: str, language: str, chance: random.Random) -> str | None:
    import re

    if kind == "negation":
        for old, new in chance.sample(_NEGATED[language], len(_NEGATED[language])):
            if old in sentence:
                return sentence.replace(old, new, 1)
    if kind == "name":
        for name in _NAMES[language]:
            if name in sentence:
                return sentence.replace(name, chance.choice([one for one in _NAMES[language] if one != name]), 1)
    dated = re.compile(
        r"\d{1,2}月\d{1,2}日"
        if language == "ja"
        else rf"\d{{1,2}} (?:{'|'.join(_MONTHS.get(language, ['x']))}) \d{{4}}"
    )
    if kind == "date" and (found := dated.search(sentence)):
        old = re.findall(r"(\d+)日" if language == "ja" else r"^(\d+)", found.group())[0]
        return sentence.replace(found.group(), _day_replaced(found.group(), old, language), 1)
    if kind == "number":
        for found in re.finditer(
            r"(?<!令和)\b\d{2,3}(?= (?:minutes|passengers|million|letters|минут|пассажиров|миллионов|писем))|\d{2,3}(?=[分人億通])",
            sentence,
        ):
            return (
                sentence[: found.start()]
                + str(int(found.group()) + chance.choice([1, 10, 100]))
                + sentence[found.end() :]
            )
    return None


def _day_replaced(date: str, day: str, language: str) -> str:
    new = str(int(day) % 28 + 1)
    return date.replace(f"{day}日", f"{new}日") if language == "ja" else date.replace(day, new, 1)


# ---------------------------------------------------------------- noise

NOISE = (
    "markup", "spaces", "quotes", "views", "comments", "ago", "year", "related", "session", "advert", "banner", "printed",
    "cookie", "share", "menu", "breaks", "invisible", "entities",
)  # fmt: skip


def noisy(page: Page, kind: str, chance: random.Random) -> Page:
    if kind in ("markup", "spaces", "quotes", "breaks", "invisible", "entities"):
        return replace(page, marks=page.marks ^ {kind}, seed=chance.randrange(1 << 30))
    new: dict[str, object] = {
        "views": page.views + chance.randint(1, 5000), "comments": page.comments + chance.randint(1, 40),
        "ago": page.ago + chance.randint(1, 50), "year": page.year + 1,
        "related": tuple(chance.sample(_RELATED_TITLES[0], 3)), "session": f"{chance.getrandbits(64):016x}",
        "advert": chance.choice(["Ropes at half price", "Buy two anchors, get one", "Sail to the islands"]),
        "banner": chance.choice(["Open day at the lighthouse", "Night of the quays", "Book fair"]),
        "printed": f"{chance.randint(10, 23)}:{chance.randint(10, 59)}", "cookie": not page.cookie, "share": not page.share,
        "menu": tuple(chance.sample(["Home", "News", "Contact", "Press", "About", "Archive", "Ports"], 4)),
    }  # fmt: skip
    return replace(page, **{kind: new[kind]})  # type: ignore[arg-type]


_RELATED_TITLES = (
    ["Cranes at the new quay", "Minutes of the harbour board", "A lighthouse reopens", "Storm warning lifted", "Herring season opens",
     "Talks in Norhaven", "Statement on the strait"],
)  # fmt: skip
_WORDS = {
    "en": {"views": "{n:,} views", "comments": "{n} comments", "ago": "Updated {n} minutes ago", "printed": "Printed on 23 November 2026, {t}",
           "related": "Related articles", "cookie": "We use cookies to improve this site. Accept all", "share": "Share Facebook Twitter Telegram",
           "advert": "Advertisement", "rights": "© {y} Ministry of Ports. All rights reserved."},
    "ru": {"views": "Просмотров: {n}", "comments": "Комментарии ({n})", "ago": "Обновлено {n} минут назад", "printed": "Дата печати: 23.11.2026 {t}",
           "related": "Читайте также", "cookie": "Мы используем файлы cookie. Продолжая пользоваться сайтом, вы соглашаетесь с этим.",
           "share": "Поделиться: ВКонтакте Телеграм", "advert": "Реклама", "rights": "© {y} Министерство портов. Все права защищены."},
    "ja": {"views": "閲覧数：{n:,}", "comments": "コメント {n}件", "ago": "{n}分前に更新", "printed": "印刷日時：2026年11月23日 {t}",
           "related": "関連記事", "cookie": "当サイトではクッキーを使用しています。同意する", "share": "シェアする ツイート", "advert": "広告",
           "rights": "Copyright © {y} 港湾省 All Rights Reserved."},
}  # fmt: skip


def html(statement: Statement, page: Page) -> str:
    """The whole page."""
    words = _WORDS[statement.language]
    views, comments = words["views"].format(n=page.views), words["comments"].format(n=page.comments)
    ago = words["ago"].format(n=page.ago)
    related = "".join(
        f'<li><a href="/n/{n}?sid={page.session}">{escape(one)}</a></li>'
        for n, one in enumerate(page.related or _RELATED_TITLES[0][:3])
    )
    menu = "".join(f'<li><a href="/{one.lower()}?sid={page.session}">{one}</a></li>' for one in page.menu)
    advert = f'<p>{words["advert"]}</p><p><a href="//ads.example/{page.session}">{page.advert}</a></p>'
    share = f"<p>{words['share']}</p>" if page.share else ""
    printed = words["printed"].format(t=page.printed)
    body = "\n".join(_paragraph(sentences, statement.language, page) for sentences in statement.paragraphs)
    cookie = (
        f'<div class="{["cookie-bar", "cc-window", "notice"][page.layout % 3]}"><p>{words["cookie"]}</p></div>'
        if page.cookie
        else ""
    )
    rights = words["rights"].format(y=page.year)
    head = f"<h1>{escape(statement.title)}</h1>"
    inner = {
        0: f'<article>{head}<p class="meta">{views} | {comments} | {ago}</p>{body}{share}{advert}<h3>{words["related"]}</h3><ul>{related}</ul></article>',
        1: f'<div class="content">{head}{body}<p class="stat">{views}</p><p>{comments}</p><p>{ago}</p>{share}<p><b>{words["related"]}:</b></p><ul>{related}</ul></div>',
        2: f'<main>{head}<div class="info"><span>{views}</span> <span>{ago}</span></div><div class="text">{_between(body, advert)}</div>{share}<p>{printed}</p></main>',
        3: f"<table><tr><td>{menu}</td><td>{head}{body}<p>{printed}</p><p>{views}</p>{share}<hr><p>{words['related']}</p><ul>{related}</ul></td></tr></table>",
    }[page.layout % 4]
    return (
        f'<!doctype html><html lang="{statement.language}"><head><meta charset="utf-8"><title>{escape(statement.title)}</title>'
        f'<script nonce="{page.session}">var t={page.views}</script></head><body>{cookie}<ul class="menu">{menu}</ul>'
        f'<div class="hero-promo"><a href="/x">{page.banner}</a></div>{inner}<div id="foot"><p>{rights}</p></div></body></html>'
    )


def _between(body: str, advert: str) -> str:
    first, *rest = body.split("\n")
    return "\n".join([first, advert, *rest])


def _paragraph(sentences: tuple[str, ...], language: str, page: Page) -> str:
    chance = random.Random(page.seed)
    text = escape(("" if language == "ja" else " ").join(sentences), quote=False)
    if "quotes" in page.marks:
        text = text.replace(", ", ",\u00a0").replace("-", "\u2011")
    if "spaces" in page.marks:
        text = text.replace(" ", "\n   ")
    if "invisible" in page.marks:
        at = chance.randrange(1, len(text))
        text = f"{text[:at]}\u200b{text[at:]}" if "&" not in text else text
    if "entities" in page.marks:
        text = text.replace("e", "&#101;").replace("о", "&#1086;").replace("の", "&#x306e;")
    if "breaks" in page.marks:
        text = text.replace("。", "。<br>", 1) if language == "ja" else text.replace(". ", ".<br> ", 1)
    if "markup" in page.marks:
        return f'<p class="c{page.seed}"><span style="x">{text}</span></p>'
    return f"<p>{text}</p>"
