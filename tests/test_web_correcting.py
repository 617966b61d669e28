"""Corrections on the site: only with the administrator's token, and never in somebody else's name."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import httpx
import pytest

from briefing import events
from briefing.errors import UsageError
from briefing.service import Service
from briefing.web import make_app
from log_support import Clock, observed, words  # type: ignore[import-not-found]  # pytest puts this folder on the path
from street_support import settings, source  # type: ignore[import-not-found]  # the same

TOKEN = "a token of many letters"


@pytest.fixture
def service(tmp_path):
    configured = settings(source("selvane", "https://selvane.example/feed", None))
    with Service(f"sqlite:///{tmp_path}/briefing.db", tmp_path, configured, Clock()) as made:
        made.adopt()
        made.desk.store.append("source:selvane", [observed("a1", payload=words(title="Herring and cod", text=""))])
        made.classify()
        yield made


def asked(service, method, path, app_token=TOKEN, **form):
    """What the application answers, asked without a socket."""

    async def run():
        transport = httpx.ASGITransport(make_app(service, token=app_token))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.request(method, path, content=urlencode(form) if form else None)

    return asyncio.run(run())


def said(service):
    return [one.event for one in service.desk.store.read(0) if isinstance(one.event, events.LabelCorrected)]


def test_with_the_token_an_answer_is_recorded_and_the_page_shows_it(service):
    assert "Correct a topic" in asked(service, "GET", "/items/a1").text
    answer = asked(service, "POST", "/items/a1/label", topic="fish", answer="no", by="Ruta", token=TOKEN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/items/a1#topics")
    assert [(one.topic, one.belongs, one.by) for one in said(service)] == [("fish", False, "Ruta")]
    assert "None of the phrases" in asked(service, "GET", "/items/a1").text


@pytest.mark.parametrize("wrong", ["", "another token of letters", "ключ на кириллице"])
def test_with_another_token_nothing_is_recorded(service, wrong):
    answer = asked(service, "POST", "/items/a1/label", topic="fish", answer="no", token=wrong)
    assert answer.status_code == 403
    assert said(service) == []


def test_where_no_token_is_set_there_is_no_form_and_nobody_may_correct(service):
    assert "Correct a topic" not in asked(service, "GET", "/items/a1", app_token="").text
    answer = asked(service, "POST", "/items/a1/label", app_token="", topic="fish", answer="no")
    assert answer.status_code == 404
    assert said(service) == []


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/items/zz/label", {"topic": "fish", "answer": "no"}, 404),
        ("/items/a1/label", {"topic": "flesh", "answer": "no"}, 400),
        ("/items/a1/label", {"topic": "fish", "answer": "perhaps"}, 400),
        ("/items/a1/label", {"topic": "fish" * 2000, "answer": "no"}, 413),
    ],
)
def test_a_form_that_says_nothing_is_refused(service, path, form, status):
    assert asked(service, "POST", path, **form, token=TOKEN).status_code == status
    assert said(service) == []


def test_a_token_that_keeps_nobody_out_is_refused(service):
    with pytest.raises(UsageError, match="BRIEFING_ADMIN_TOKEN has fewer than 16 characters"):
        make_app(service, token="short")
