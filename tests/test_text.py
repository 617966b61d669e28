"""Text work that several rooms share: laws, and what they mean for real languages."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from briefing.text import (
    blocks,
    clean,
    excerpt,
    fingerprint,
    fold,
    one_line,
    print_of,
    same_words,
    sentence_spans,
    sentences,
    shorten,
    unturned,
)

ANY = st.text()
LETTERS = st.text("abcXYZ абвЭЮЯ 日本語かなカナ 123", max_size=60)
SPACES = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", "\u3000", "\r\n", " \n ", "\u2028"])
INVISIBLE = st.sampled_from(["\u00ad", "\u200b", "\u2060", "\ufeff"])
PROSE = st.text('aZ.!? …,;:"»(\n\t яЯ。！？」』「（日本1', max_size=200)
LANGUAGES = st.sampled_from(["en", "ru", "ja", "zh", "de", "xx"])

# ---------------------------------------------------------------- cleaning


@given(ANY)
def test_what_is_cleaned_can_stand_in_any_xml_document(text):
    kept = clean(text)
    element = etree.Element("p")
    element.text = kept
    assert etree.fromstring(etree.tostring(element)).text == (kept or None)
    assert clean(kept) == kept


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", chr(0xDFFF), "\ufffe", "\uffff"])
def test_what_no_xml_document_may_hold_is_dropped(sign):
    assert clean(f"a{sign}b") == "ab"


def test_what_may_stand_in_xml_stays():
    kept = "\t\n\r \x7f\x85\u00ad\ufffd\U0001f6a2漢"
    assert clean(kept) == kept


# XML 1.0, section 2.2, and the signs of Unicode Standard Annex 9 that turn what follows.
SIGNS = st.text(
    st.sampled_from("a \n\t\r\x00\x0b\x1f\x7f\x85é—漢\ud800\ufffd\ufffe\uffff\U0001f6a2\u200e\u202a\u202e\u2066\u2069")
)


@given(ANY | SIGNS)
def test_of_every_text_just_what_xml_may_not_hold_is_dropped(text):
    allowed = [(0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)]
    assert clean(text) == "".join(sign for sign in text if any(low <= ord(sign) <= high for low, high in allowed))


@given(ANY | SIGNS)
def test_of_every_text_just_the_signs_that_turn_are_dropped(text):
    turning = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    assert unturned(text) == "".join(sign for sign in text if ord(sign) not in turning)


@given(ANY)
def test_one_line_holds_no_white_space_but_single_spaces(text):
    line = one_line(text)
    assert one_line(line) == line == line.strip()
    assert not re.search(r"[^\S ]|  |[\u00ad\u200b\u2060\ufeff]", line)


@given(ANY)
def test_blocks_are_lines_that_are_not_empty_and_hold_single_spaces(text):
    kept = blocks(text)
    assert blocks(kept) == kept
    assert all(line and line == one_line(line) for line in kept.split("\n")) or kept == ""
    assert one_line(kept) == one_line(text)


@given(st.lists(st.sampled_from(["a", "b", " ", "  ", "\n", "\u00a0", "\u200b", "\x00"])).map("".join))
def test_blocks_are_alike_however_a_text_is_read(text):
    lines = ("".join(line.split("\u200b")) for line in text.replace("\x00", "").split("\n"))
    assert blocks(text) == "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def test_blocks_keep_paragraphs_apart():
    assert blocks(" One\u00a0 line. \r\n\n\t Two\u200b lines. \n") == "One line.\nTwo lines."


# ---------------------------------------------------------------- folding


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Ｋａｎｔō", "kantō"),
        ("ｶﾞｽ", "ガス"),
        ("Ёлка", "елка"),
        ("СТРАНА", "страна"),
        ("Straße", "strasse"),
        ("post–war — pre‑war − x", "post-war - pre-war - x"),
        ("«да» “yes” „ja“ ″", '"да" "yes" "ja" "'),
        ("it’s ‘so’ `it` ´is´", "it's 'so' 'it' 'is'"),
        ("two  \t\n  spaces\u3000here", "two spaces here"),
        ("é", "é"),
        ("ASCII `quoted`\nline", "ascii 'quoted' line"),
    ],
)
def test_phrases_are_sought_in_one_form(written, sought):
    assert fold(written) == sought


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_folded_the_same_way_whatever_stands_beside_it(text):
    assert fold(f"{text}я") == f"{fold(text)}я"


@given(LETTERS)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.lists(LETTERS, max_size=6), st.data())
def test_two_versions_are_the_same_words_whatever_white_space_stands_between(parts, data):
    spaced = "".join(part + data.draw(SPACES) + data.draw(INVISIBLE) for part in parts)
    assert same_words(spaced) == same_words("".join(parts))
    assert print_of(spaced) == print_of("".join(parts))


@given(ANY, ANY)
def test_prints_differ_where_the_words_do(one, other):
    assert (print_of(one) == print_of(other)) == (same_words(one) == same_words(other))
    assert re.fullmatch("[0-9a-f]{32}", print_of(one))


@pytest.mark.parametrize(("one", "other"), [("a 1", "a 2"), ("не", "на"), ("12", "1 3"), ("a.b", "a,b"), ("", "x")])
def test_other_words_have_another_print(one, other):
    assert print_of(one) != print_of(other)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_fingerprint_is_the_sha_256_of_title_and_text_as_held(title, text):
    assert fingerprint(title, text) == hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def test_a_fingerprint_tells_apart_what_a_print_does_not():
    assert fingerprint("A", "b c") != fingerprint("A", "b  c")
    assert print_of("b c") == print_of("b  c")


# ---------------------------------------------------------------- sentences


@given(PROSE | ANY, LANGUAGES)
def test_sentences_stand_in_order_apart_and_leave_out_only_white_space(text, language):
    spans = sentence_spans(text, language)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert all("\n" not in text[start:end] for start, end in spans)
    gaps = [0, *(place for span in spans for place in span), len(text)]
    assert "".join(text[gaps[n] : gaps[n + 1]] for n in range(0, len(gaps), 2)).strip() == ""
    assert sentences(text, language) == [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["The ministers met.", "They agreed!", '"Did they?"', "He said so…", "Yes."]),
        ("en", ["Mr. Ito and Dr. Petrova met S. Lind in the U.S. on Jan. 3 at 5 p.m. sharp.", "It rained."]),
        ("en", ["It grew by 3.5 percent.", "Version 2.0 came out."]),
        ("en", ["Prices rose (by a third.)", "Nobody bought."]),
        ("ru", ["Встреча прошла в г. Вельск в 2016 г. и длилась час.", "Стороны договорились."]),
        ("ru", ["«Мы готовы».", "Так сказал А. С. Волков."]),
        ("de", ["Der Rat traf sich z.B. mit Dr. Ölmann.", "Ändern wird sich nichts."]),
        ("de", ["Das war am 3. Oktober 1990.", "Es regnete."]),
        ("en", ["The meeting ended at 6 p.m.", "The ministers left for the U.S.", "Nobody noticed."]),
        (
            "en",
            [
                "Gov. Smith and Lt. Gen. A. B. Jones met the U.S. President.",
                "They spoke of St. Petersburg, i.e. Leningrad.",
            ],
        ),
        ("ru", ["Речь идёт о мерах, т. е. О санкциях речи нет.", "Министр С. В. Лавров прибыл в Вену."]),
        ("it", ["Il dott. Rossi è arrivato.", "Ha parlato."]),
        ("en", ["They signed the accord (see Art. 5, para. 2).", "Mr. Brandt agreed."]),
        ("de", ["Die 2. Runde beginnt.", "Prof. Weber, geb. 1970, leitet sie.", "Sie endet um 10.", "Nichts folgt."]),
        ("fr", ["Il part le 3 mars.", "« Nous attendrons », dit-elle."]),
        ("es", ["Vino la Dra. Ruiz.", "¿Qué hacer?", "¡Nada!"]),
        ("pl", ["Spotkali się o godz. 10 rano.", "Art. 5 ust. 2 obowiązuje."]),
        ("ar", ["ماذا بقي؟", "غادر الوزير."]),
    ],
)
def test_a_sentence_ends_where_a_reader_says_so(language, expected):
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["会談が行われた。", "合意した！", "次回は？", "来年。"],
        ["大臣は「合意した。次もある。」と述べた。", "会談は続く。"],
        ["「合意した。」", "両首脳は握手した。"],
        ["約1.5倍になった。", "会談した(写真は共同。)。", "以上。"],
        ["終わりのない文"],
        ["本当か！と記者は聞いた。", "とはいえ会談は続く。"],
    ],
)
def test_a_japanese_sentence_ends_at_its_stop_but_not_within_a_quotation(expected):
    assert sentences("".join(expected), "ja") == expected


def test_a_number_at_the_start_of_a_line_is_the_number_of_a_list():
    assert sentences("1. First point.\n2. Second point.", "en") == ["1. First point.", "2. Second point."]


def test_a_line_always_ends_a_sentence():
    assert sentences("A heading\nand a line", "en") == ["A heading", "and a line"]


LONG = 1_000_000
MANY = 100_000  # where each sign ends a sentence


@pytest.mark.parametrize(
    "line",
    [
        "." * LONG,
        "…!?" * MANY,
        ". " * MANY,
        "A. " * MANY,
        "." + " " * LONG + "a",
        "." + ")" * LONG,
        ".'" * (LONG // 2),
        ". " + '"' * LONG,
        "e" * LONG + ". E",
        " " * LONG,
        " \n" * MANY,
        "。" * MANY,
        "「" * LONG,
        "。」" * MANY,
        "\u00a0 \t" * (LONG // 3) + "x",
        "-" * LONG,
    ],
    ids=lambda line: repr(line[:6]),
)
def test_a_line_of_a_million_signs_is_read_in_one_go(line):
    """Whatever looks back or tries again from each sign would run into the time limit of a test, by hours."""
    for language in ("en", "ja"):
        spans = sentence_spans(line, language)
        assert sum(end - start for start, end in spans) <= len(line)
    assert len(excerpt(line, "en", 300)) <= 300
    assert len(blocks(line)) <= len(line)
    assert "  " not in fold(line)
    assert "\n" not in one_line(line)


# ---------------------------------------------------------------- excerpts


@given(PROSE | ANY, LANGUAGES, st.integers(2, 120))
def test_an_excerpt_fits_and_is_never_empty_where_there_are_words(text, language, limit):
    cut = excerpt(text, language, limit)
    assert len(cut) <= limit
    assert cut == one_line(cut)
    if one_line(text) and any(one_line(piece) for piece in sentences(text, language)):
        assert cut


@given(PROSE, st.integers(2, 120))
def test_an_excerpt_is_the_opening_of_the_text(text, limit):
    cut = excerpt(text, "en", limit)
    whole = one_line(text)
    assert whole.startswith(cut) or (cut.endswith("…") and whole.startswith(cut[:-1]))


def test_an_excerpt_holds_whole_sentences_as_long_as_they_fit():
    text = "One is here. Two is here. Three is here."
    assert excerpt(text, "en", 12) == "One is here."
    assert excerpt(text, "en", 24) == "One is here."
    assert excerpt(text, "en", 25) == "One is here. Two is here."
    assert excerpt(text, "en", 300) == text
    assert excerpt("第一の文。第二の文。", "ja", 6) == "第一の文。"
    assert excerpt("", "en") == ""


def test_a_first_sentence_that_is_too_long_is_cut_at_a_word_and_says_so():
    assert excerpt("One two three four five six seven.", "en", 20) == "One two three four…"
    assert excerpt("あいうえおかきくけこ。", "ja", 6) == "あいうえお…"


@given(ANY, st.integers(1, 80))
def test_a_shortened_line_fits_and_a_line_that_fits_stays(text, limit):
    cut, whole = shorten(text, limit), one_line(text)
    assert len(cut) <= limit
    assert (cut == whole) if len(whole) <= limit else cut.endswith("…")


@pytest.mark.parametrize(
    ("line", "limit", "expected"),
    [
        ("a word, another", 8, "a word…"),
        ("a word – another", 10, "a word…"),
        ("a  word", 6, "a word"),
        ("unbreakableword here", 8, "unbreak…"),
    ],
)
def test_a_line_is_cut_at_a_word_without_its_punctuation(line, limit, expected):
    assert shorten(line, limit) == expected


@given(st.text(alphabet=st.characters(max_codepoint=127), min_size=40), st.text(max_size=3), st.integers(0, 40))
def test_a_text_with_few_foreign_letters_is_folded_as_one_with_many(plain, foreign, place):
    text, many = f"{plain[:place]}{foreign}{plain[place:]}.", "語" * 100
    assert fold(text + many) == fold(text) + many
    assert same_words(text + many) == same_words(text) + many
