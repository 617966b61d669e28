"""The edit game: every edit that a reader notices is found and named, what changes by itself is not."""

# ruff: noqa: E501 - tables of sentences

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

import edit_game as game  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
from briefing.editions.edits import tell
from briefing.model import UNDATED, Article, ArticleRules, Fetched, ItemId, Revision, Source, SourceId
from briefing.noise import is_noise, notable, text_print
from briefing.sources.article import read
from briefing.text import print_of

# Most pages are read by rules here: automatic extraction takes thirty times as long.
BODY = ArticleRules(body="article, .content, main, table", drop=("h1",))


def article(html: str, rules: ArticleRules | None) -> Article:
    source = Source(
        id=SourceId("press"), name="Press", institution="ministry", country="XA", url="https://press.example/",
        article=rules,
    )  # fmt: skip
    address, headers = "https://press.example/a", {"content-type": "text/html; charset=utf-8"}
    return read(source, Fetched(url=address, final_url=address, status=200, headers=headers, body=html.encode()))


def revision(held: Article, number: int = 1) -> Revision:
    return Revision(
        item=ItemId("i"), number=number, seen_at=datetime(2026, 1, 1, tzinfo=UTC), position=number, title=held.title,
        text=held.text, html=held.html, url="", authors=(), published=UNDATED, fingerprint="",
    )  # fmt: skip


def prints(held: Article) -> tuple[str, str]:
    return print_of(held.title), text_print(held.text, held.html)


@pytest.mark.slow
def test_two_hundred_edits_of_fifty_statements_half_of_them_noise():
    chance = random.Random(20261123)
    recorded, unnamed, noise, edits = Counter[str](), [], 0, 0
    for number, statement in enumerate(game.statements(7, 50)):
        rules = None if number % 25 == 0 else BODY
        page = game.Page(layout=number % 4, seed=number)
        before = article(game.html(statement, page), rules)
        for kind in chance.sample(game.NOISE, 2):
            after = article(game.html(statement, game.noisy(page, kind, chance)), rules)
            noise += 1
            recorded[kind] += prints(after) != prints(before)
        for kind, told in _edits(statement, chance, 2):
            after = article(game.html(told, game.noisy(page, chance.choice(game.NOISE), chance)), rules)
            edits += 1
            assert prints(after) != prints(before), f"missed: {kind} in {statement}"
            edit = tell(revision(before), revision(after, 2), statement.language)
            if edit.weight != "substantive" or kind not in edit.said:
                unnamed.append((kind, edit))
    assert (noise, edits) == (100, 100)
    assert recorded.total() <= 2, recorded
    assert not unnamed


def _edits(statement: game.Statement, chance: random.Random, count: int) -> list[tuple[str, game.Statement]]:
    kinds = chance.sample(game.EDITS, len(game.EDITS))
    found = ((kind, game.edited(statement, kind, chance)) for kind in kinds)
    return [(kind, told) for kind, told in found if told is not None][:count]


# ---------------------------------------------------------------- noise, line by line


@pytest.mark.parametrize(
    "line",
    [
        "1,234 views", "Views: 1.2k", "12 comments", "3 min ago", "Updated 5 minutes ago", "5 min read", "Share Facebook X",
        "Printed on 23 November 2026, 12:03", "Last updated: 3 May 2031", "Page generated in 0.12 s", "Advertisement",
        "Today is Monday, 23 November 2026", "Session ID: 9f8a7b6c", "We use cookies to improve this site. Accept",
        "Просмотров: 1 234", "Комментарии (12)", "3 минуты назад", "Дата печати: 23.11.2026 12:04", "Реклама",
        "Поделиться: ВКонтакте Телеграм", "Время чтения: 5 мин", "Сегодня понедельник, 23 ноября 2026 г.",
        "閲覧数：1,234", "1,234回閲覧", "3分前", "最終更新日：令和8年11月23日", "印刷日時：2026年11月23日 12:03", "シェアする ツイート",
        "コメント 12件", "本日の訪問者数：300", "広告", "Vor 3 Minuten", "il y a 5 minutes", "hace 2 horas", "조회수 1,234",
        "阅读量：1234", "👁 1 234",
    ],
)  # fmt: skip
def test_what_changes_by_itself_is_noise(line):
    assert is_noise(line)
    assert notable(f"The talks went on.\n{line}") == "The talks went on."


@pytest.mark.parametrize(
    "line",
    [
        "12 countries", "Not today", "Visits 300", "23 November 2026", "Updated 5 measures for 2026", "Article 5", "Line 5",
        "300 people", "Stand: 300", "Sanctions list: 45 names", "Budget 2031 - 300 million", "Не применяется",
        "Присутствовали 12 человек", "第3回", "会談 14:00", "出席者 30人", "コメントは控える", "今日は3人", "大臣 100人", "Annex 3 (2)",
        "Copyright law changes", "The view from the quay", "Share of exports: 12%", "3 May 2031, 14:00",
    ],
)  # fmt: skip
def test_short_lines_that_say_something_are_none(line):
    assert not is_noise(line)
    assert notable(f"The talks went on.\n{line}") != "The talks went on."


@pytest.mark.parametrize(
    "line",
    [
        "USD 71.09 EUR 88.35", "Exchange rates: USD/VFL 112.34 ▲ 0.29%", "Brent 117.99 (+0.89%)", "Курс ЦБ: $ 82,43 € 62,16",
        "Нефть Brent 99,70 $ (+0,38%)", "1ドル＝65.11円 1ユーロ＝100.08円", "日経平均 35,712円 ▼194", "為替 ドル/円 116.68 (+0.43)",
        "Photo: M. Hale / Varland Press", "The causeway at low tide. Photo: M. Hale", "Фото: Дж. Орм / Агентство",
        "冬のスケリー島＝ヴァルランド通信撮影", "写真：ヴァルランド通信", "オルダー港（資料写真）", "The harbour of Port Alder (archive)",
        "6117 people have read this article", "Материал прочитали 9280 раз", "この記事は643回読まれました", "Shared 285 times",
        "Port Alder: 10 °C, cloudy", "Порт-Алдер: -8 °C, облачно", "オルダー港 20℃ 曇り", "Local time in Port Alder: 12:43",
        "Follow @varland for updates", "Подписывайтесь на @varland", "@varlandをフォロー", "Poll: 62% of 5835 readers agree",
    ],
)  # fmt: skip
def test_tickers_captions_weather_and_calls_to_follow_are_noise(line):
    assert notable(f"The talks went on.\n{line}") == "The talks went on."


@pytest.mark.parametrize(
    "line",
    [
        "EUR 12.5 million", "USD 71.09", "Budget: USD 5.2 billion, EUR 4.8 billion", "EUR 5 - USD 6", "Price of oil: 80 dollars",
        "The euro rose by 0.4%", "Inflation 2.4% (+0.1%)", "円安が進んだ", "Курс на сотрудничество", "Photo opportunity: 14:00",
        "A photo: what it shows", "Local time: 14:00", "現地時刻 14:00", "Poll: 62% of 5,835 respondents agree", "Follow the money",
        "Temperature limit: 2 °C by 2050", "300 people have signed the letter", "The picture of the year",
    ],
)  # fmt: skip
def test_money_meetings_and_measures_are_none(line):
    assert notable(f"The talks went on.\n{line}") != "The talks went on."


TICKER = '<table class="fx-rates"><tr><td>USD</td><td>{}</td></tr><tr><td>EUR</td><td>{}</td></tr></table>'
BUDGET = "<table><tr><td>USD</td><td>{}</td></tr><tr><td>EUR</td><td>{}</td></tr></table>"
CAPTIONS = (
    '<figure><img src="a.jpg"><figcaption>{}</figcaption></figure>', '<p class="photo-caption">{}</p>',
    '<div class="wp-caption"><img src="a.png"><p class="wp-caption-text">{}</p></div>',
)  # fmt: skip


def within(inner: str) -> Article:
    told = "<p>The board met at noon and spoke for an hour about the ferry line and its berths.</p>"
    return article(f"<html lang=en><title>T</title><main><h1>T</h1>{told}{inner}{told}</main></html>", BODY)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_captions_inside_a_configured_body_are_no_edit_but_stay_in_the_text(caption):
    one, other = within(caption.format("The quay in winter")), within(caption.format("A ferry in the fog"))
    assert prints(one) == prints(other)
    assert "The quay in winter" in one.text


def test_a_ticker_inside_a_body_is_no_edit_and_a_table_of_money_is():
    assert prints(within(TICKER.format("71.09", "88.35"))) == prints(within(TICKER.format("70.01", "89.77")))
    assert prints(within(BUDGET.format("71.09", "88.35"))) != prints(within(BUDGET.format("70.01", "89.77")))


@pytest.mark.parametrize(
    "line",
    ["1 " * 60 + "x", "crude oil " * 11 + "1.2 x", "s&p 500 1.1 " * 9 + "x", "читател" * 16 + "1 из", "a'-" * 39 + " 9°", "Photo" * 23 + ": x"],
)  # fmt: skip
def test_no_line_holds_the_expressions_up(line):
    # Each of them took a second or minutes while an expression could read its words in more than one way.
    began = time.process_time()
    notable("\n".join(f"{line}{number}" for number in range(100)))
    assert time.process_time() - began < 2


def test_lists_of_other_texts_are_passed_over_and_lists_of_the_text_are_not():
    related = '<p>Talks.</p><h3>Related articles</h3><ul><li><a href="/1">{}</a></li></ul><p>More talks.</p>'
    assert notable("x\ny", related.format("Cranes")) == "Talks.\nMore talks."
    assert notable("x\ny", related.format("Storms")) == "Talks.\nMore talks."
    listed = '<p>Talks about the strait went on.</p><ul><li>3 ships</li><li><a href="/1">Annex</a> of May</li></ul>'
    assert notable("x\ny", listed).split("\n")[1:] == ["3 ships", "Annex of May"]


def test_session_ids_in_addresses_are_no_edit():
    one, other = (f"See https://press.example/a?id=5&sid={sid} for more on this." for sid in ("a1", "b2"))
    assert text_print(one) == text_print(other)
    assert text_print(one) != text_print(one.replace("id=5", "id=6"))


# ---------------------------------------------------------------- what is said of an edit


@pytest.mark.parametrize(
    ("language", "before", "after", "weight", "said"),
    [
        ("en", "They recieved the letter.", "They received the letter.", "small", "spelling: recieved → received"),
        ("en", "The talks, held today went on.", "The talks, held today, went on.", "small", "punctuation changed"),
        ("en", "the Harbour board met.", "The Harbour board met.", "small", "spelling: the → The"),
        ("en", "It is now legal to fish.", "It is now illegal to fish.", "substantive", "negation"),
        ("en", "They will sign it.", "They will not sign it.", "substantive", "1 negation added: not"),
        ("en", "They don't agree.", "They agree.", "substantive", "1 negation removed"),
        ("en", "Some 5 million crowns.", "Some 5 billion crowns.", "substantive", "5 million → 5 billion"),
        ("en", "It cost 1,000 crowns.", "It cost 1 000 crowns.", "small", "punctuation"),
        ("en", "We met twelve envoys.", "We met fifteen envoys.", "substantive", "1 number changed: twelve → fifteen"),
        ("en", "It cost $5 a day.", "It cost €5 a day.", "substantive", "1 number changed"),
        ("en", "On 3 May 2031 they met.", "On 4 May 2031 they met.", "substantive", "1 date changed: 3 May 2031 → 4 May 2031"),
        ("en", "Envoy Okeke spoke.", "Envoy Osei spoke.", "substantive", "1 name changed: Okeke → Osei"),
        ("en", "Imports will increase soon.", "Imports will decrease soon.", "substantive", '"increase" became "decrease"'),
        ("ru", "Это допустимо сегодня.", "Это недопустимо сегодня.", "substantive", "negation"),
        ("ru", "Стороны согласны.", "Стороны не согласны.", "substantive", "1 negation added: не"),
        ("ru", "Они обсудли вопрос.", "Они обсудили вопрос.", "small", "spelling: обсудли → обсудили"),
        ("ru", "Встреча пройдёт 3 мая 2031 года.", "Встреча пройдёт 4 мая 2031 года.", "substantive", "1 date changed"),
        ("ru", "Прибыли двенадцать судов.", "Прибыли пятнадцать судов.", "substantive", "1 number changed"),
        ("ru", "Выступил посол Берегов.", "Выступил посол Холмин.", "substantive", "1 name changed: Берегов → Холмин"),
        ("ja", "会談は行われた。", "会談は行われなかった。", "substantive", "negation"),
        ("ja", "令和8年5月3日に会談した。", "令和8年5月4日に会談した。", "substantive", "1 date changed: 令和8年5月3日 → 令和8年5月4日"),
        ("ja", "船は十二隻であった。", "船は十五隻であった。", "substantive", "1 number changed: 十二 → 十五"),
        ("ja", "オセイ大臣が述べた。", "ハロラン大臣が述べた。", "substantive", "1 name changed"),
        ("ja", "コンピュータを使う。", "コンピューターを使う。", "small", "spelling"),
        ("ja", "承認は可能である。", "承認は不可能である。", "substantive", "negation"),
    ],
)  # fmt: skip
def test_an_edit_is_weighed_and_named(language, before, after, weight, said):
    stays = {"en": "All else stays as it is.", "ru": "Остальное без изменений.", "ja": "ほかは変わらない。"}[language]
    space = "" if language == "ja" else " "
    old, new = (Article(title="T", text=f"{text}{space}{stays}", html="") for text in (before, after))
    edit = tell(revision(old), revision(new, 2), language)
    assert said in edit.said
    assert edit.weight == weight


def test_the_line_names_every_sort_of_change_in_one():
    old = Article(title="T", text="Some 12 ships came. Rain fell all day long. The board met at noon.", html="")
    new = Article(title="T", text="Some 15 ships came. The board met at noon.", html="")
    assert tell(revision(old), revision(new, 2), "en").said == "1 number changed: 12 → 15; 1 sentence removed"
