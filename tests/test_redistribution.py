"""How much of a text leaves the house: by what its source says, in every feed, document and list; and what it is."""

from __future__ import annotations

import re
from html import unescape

import pytest

from street_support import (  # type: ignore[import-not-found]  # see test_service_rechecking
    HTML,
    LISTED,
    MAIN,
    clock,
    listing,
    page,
    parsing,
    press,
    source,
    street,
)
from web_support import running  # type: ignore[import-not-found]  # the same

__all__ = ["clock", "parsing", "press", "street"]

# No heading, no line of its own: one long paragraph about berths in many sentences of 20 numbered words.
LONG = " ".join(
    f"Of sentence {n} the harbour board said that berth {n * 7} will be built when the herring comes."
    for n in range(40)
)
EDITED = re.sub(r"berth (\d+)", r"quay \1", LONG)


def gives_more(body: str, text: str, limit: int) -> bool:
    """Whether a body holds a run of a text that is longer than `limit` characters, its markup taken out."""
    plain = " ".join(unescape(re.sub(r"<[^>]+>|\\\\", "", unescape(body))).split())
    starts = [place.start() for place in re.finditer(r"\b\w", text[: len(text) - limit - 1])]
    return any(text[start : start + limit + 1] in plain for start in starts)


@pytest.fixture(params=["title", "excerpt", "full"])
def published(request, street, press, clock):
    """All that is published of a source with a long text that was edited, and what of it may leave."""
    press.says("/list", listing([("/a.html", "Berths", "2 March 2026")]), content_type=HTML)
    press.says("/a.html", page("Berths", LONG), content_type=HTML)
    one = source(
        "board", "/list", press, kind="page", listing=LISTED, article=MAIN, redistribute=request.param,
        text_status="provisional", licence="Open Harbour Licence",
    )  # fmt: skip
    made = street(one)
    made.collect()
    made.service.classify()
    made.service.publish()
    first = {path: body.decode() for path, body in made.files().items() if not path.startswith("log/")}
    clock.forward(days=2)
    press.says("/a.html", page("Berths", EDITED), content_type=HTML)
    made.one("board", recheck=True)
    made.service.classify()
    made.service.publish()
    made.service.brief(week="2026-W10")
    last = {path: body.decode() for path, body in made.files().items() if not path.startswith("log/")}
    return request.param, first, last, made


def test_every_feed_and_document_obeys(published):
    how, first, last, made = published
    assert any("/v1/" in path for path in last)
    whole, limit = how == "full", {"title": 60, "excerpt": 300, "full": 300}[how]
    for path, body in [*first.items(), *last.items()]:
        if not (whole and path.startswith("feeds/")):
            # A passage that changed may be longer where all of the text may leave.
            assert not any(gives_more(body, text, 600 if whole else limit) for text in (LONG, EDITED)), path
    assert gives_more(first["feeds/all.atom"], LONG, 100) == (how != "title")
    assert gives_more(first["feeds/all.atom"], LONG, len(LONG) - 2) == whole
    with running(made.service, made.clock) as client:
        for path in ("/", "/items", "/changes", "/topics/harbour", "/sources/board"):
            assert not gives_more(client.ask(path).text, EDITED, limit), path


def test_what_a_text_is_stands_with_its_citation(published):
    _, _, last, made = published
    item = made.item("Berths")
    documents = [body for path, body in last.items() if "/v1/" in path and not path.endswith("json")]
    assert len(documents) == 3
    assert all("provisional translation" in body for body in documents)
    assert '"text_status": "provisional"' in next(
        body for path, body in last.items() if path.endswith("v1/briefing.json")
    )
    with running(made.service, made.clock) as client:
        assert "“Berths” (provisional translation), 2 March 2026" in " ".join(
            re.sub(r"<[^>]+>", "", client.ask(f"/items/{item.id}").text).split()
        )
