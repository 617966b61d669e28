"""Folded text is the form of `briefing.text.fold`, and every stretch of it leads back to the original."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.classifiers.folding import Offsets, folded

# Signs that grow, shrink, melt together or are reordered under NFKC and case folding, among plain ones.
AWKWARD = "aZΰΎἄᾷıI \n\t\u3000ßﬁ½㈱ｶﾞ　Ａё\u0308еİ\u0301\u0323가\u1100\u1161\u11a8々「”–−`´¨…ﷺ\u0e33กं᾽Σς١`'\"-\u00a0𝔅"
TEXTS = st.one_of(st.text(max_size=40), st.text(alphabet=AWKWARD, max_size=40))


@given(TEXTS)
@example("a  ¨b")
@example("e\u0301\u0323 ㈱")
def test_the_folded_text_is_covered_by_the_map_without_a_gap(text):
    offsets, length = Offsets(text), len(folded(text))
    places = [offsets.original(index, index + 1) for index in range(length)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(TEXTS)
@example("Sao  Paulo")
def test_the_way_back_is_the_same_whether_or_not_the_length_is_known(text):
    length = len(folded(text))
    known, unknown = Offsets(text, length), Offsets(text)
    for index in range(length):
        assert known.original(index, index + 1) == unknown.original(index, index + 1)


@given(TEXTS, st.data())
def test_the_original_of_a_stretch_holds_the_stretch_when_folded(text, data):
    whole = folded(text)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    if wanted := whole[start:end].strip():
        lead = len(whole[start:end]) - len(whole[start:end].lstrip())
        first, last = Offsets(text).original(start + lead, start + lead + len(wanted))
        assert wanted in folded(text[first:last])


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("Die Straße  nach Süden", "strasse", "Straße"),
        ("港湾㈱の灯台", "(株)", "㈱"),
        ("der Begriﬀ selbst", "begriff", "Begriﬀ"),
        ("um ½ mehr", "1⁄2", "½"),
        ("ＬＮＧと灯台", "lng", "ＬＮＧ"),
        ("ｶﾞｽ輸送", "ガス", "ｶﾞｽ"),
        ("Всё о паромах", "все", "Всё"),
        ("Все\u0308 о паромах", "все", "Все\u0308"),
        ("Ο ΦΆΡΟΣ και ο φάρος", "φαροσ και", "ΦΆΡΟΣ και"),
        ("DENİZ FENERİ", "feneri", "FENERİ"),
        ("a –\u00a0\n b", "- b", "–\u00a0\n b"),
    ],
)
def test_words_are_found_again_where_folding_changed_their_length(text, word, original):
    start = folded(text).index(word)
    first, last = Offsets(text).original(start, start + len(word))
    assert text[first:last] == original
