"""The style of the house on the site: its colours in a style sheet of their own, its logo and line on every page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.model import House
from web_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    furnished,
    running,
)

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" aria-hidden="true"><path d="M0 0h8v8z"/></svg>'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with furnished(tmp_path_factory.mktemp("shelf")) as service, running(service, service.desk.clock) as site:
        yield site


def styles(page):
    return page.xpath("//link[@rel='stylesheet']/@href")


def test_a_site_takes_the_colours_the_logo_and_the_line_of_its_house(site):
    usual = site.ask("/").page
    assert len(styles(usual)) == 1
    assert not usual.xpath("//svg[@viewbox='0 0 8 8']")
    house = House(accent="#004433", logo=LOGO, footer="Harbour House & Quay")
    site.service.adopt(replace(site.service.settings, house=house))
    page = site.ask("/topics/").page
    [_, colours] = styles(page)
    assert colours.startswith("/house.css?")
    assert page.xpath("//p[@class='name']//svg")
    assert page.xpath("//footer/p[1]")[0].text_content() == "Harbour House & Quay"
    sheet = site.ask(colours)
    assert "--accent: #004433" in sheet.body.decode()
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    site.service.adopt(replace(site.service.settings, house=replace(house, accent="#440044")))
    assert styles(site.ask("/").page)[1] != colours
