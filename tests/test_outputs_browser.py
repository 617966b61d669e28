"""An issue as Chromium sets it: labels of charts stay in their place, and every word can be read in both schemes.

With BRIEFING_AXE naming axe.min.js (npm: axe-core) and BRIEFING_VNU naming vnu.jar (npm: vnu-jar) the page is also held
against these two.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from briefing.model import House
from briefing.outputs.issue_html import render
from briefing.outputs.mail_html import mail_html
from briefing.outputs.mail_words import Frame
from test_outputs_figures import (  # type: ignore[import-not-found]  # pytest puts this folder on the path
    SOURCES,
    TOPICS,
)
from test_outputs_issue import ISSUE  # type: ignore[import-not-found]  # the invented issue
from test_web_browser import CHROMIUM, browser  # type: ignore[import-not-found]  # see above

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: pages cannot be looked at"),
]

LONG = replace(
    SOURCES,
    series=tuple(
        replace(one, name=one.name * 9 if one.language else f"{one.name} of the Wide and Windy Western Wards")
        for one in SOURCES.series
    ),
)
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4"/></svg>'
)
PAGE = replace(
    ISSUE,
    draft=True,
    house=House(name="Lagoon Desk", accent="#004433", logo=LOGO, footer="Harbour House"),
    figures=(TOPICS, LONG),
)

# Labels that leave their drawing or touch another one.
LABELS = """(() => {
  const found = [];
  for (const drawing of document.querySelectorAll("figure svg")) {
    if (!drawing.getClientRects().length) continue;
    const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const boxes = [...drawing.querySelectorAll("text")].map(one => [one.textContent, one.getBBox()]);
    boxes.forEach(([said, box], turn) => {
      if (box.x < -1 || box.x + box.width > width + 1 || box.y + box.height > height + 2) found.push(said);
      for (const [other, it] of boxes.slice(turn + 1))
        if (box.x + box.width > it.x + 1 && it.x + it.width > box.x + 1 && Math.abs(box.y - it.y) < 8)
          found.push(said + " / " + other);
    });
  }
  return JSON.stringify(found);
})()"""

# Texts whose colour differs too little from the paper behind them (WCAG 2.2, 1.4.3), with what was measured.
CONTRAST = """(() => {
  const light = colour => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).map(Number).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const paper = one => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
  };
  const found = {};
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    if (!one.getClientRects().length) continue;
    const style = getComputedStyle(one), drawn = one instanceof SVGElement;
    if (["title", "desc"].includes(one.tagName)) continue;
    const [lower, upper] = [light(drawn ? style.fill : style.color), light(paper(one))].sort((a, b) => a - b);
    const ratio = (upper + 0.05) / (lower + 0.05);
    if (ratio < 4.5) found[one.tagName + "." + one.getAttribute("class")] = ratio;
  }
  return JSON.stringify(found);
})()"""

AXE = "axe.run().then(told => JSON.stringify(told.violations.map(one => [one.id, one.nodes[0].html])))"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    (file := tmp_path_factory.mktemp("issue") / "index.html").write_bytes(render(PAGE))
    return file


def test_labels_of_charts_stay_in_their_place_and_every_word_can_be_read_in_both_schemes(page, tmp_path):
    found: dict[tuple[object, str], object] = {}

    async def look() -> None:
        async with browser(tmp_path / "profile") as tab:
            for width, scheme in ((1200, "light"), (320, "dark")):
                await tab.open(page.as_uri(), width, scheme)
                found[width, "labels"] = json.loads(await tab.value(LABELS))
                found[scheme, "contrast"] = json.loads(await tab.value(CONTRAST))
                found[width, "drawings"] = await tab.value(
                    "[...document.querySelectorAll('figure svg')].filter(one => one.getClientRects().length).length"
                )
                sideways = await tab.value("document.documentElement.scrollWidth > innerWidth")
                found[width, "sideways"] = sideways

    anyio.run(look)
    assert found == {
        (1200, "labels"): [], (320, "labels"): [], ("light", "contrast"): {}, ("dark", "contrast"): {},
        (1200, "drawings"): 2, (320, "drawings"): 2, (1200, "sideways"): False, (320, "sideways"): False,
    }  # fmt: skip


def test_a_mail_is_read_on_a_telephone_without_moving_it_sideways(page, tmp_path):
    frame = Frame(language="en", archived="https://desk.example/briefings/weekly/2017-W12/v2/", title="The week")
    (file := tmp_path / "mail.html").write_text("".join(mail_html(page.read_bytes(), frame)), encoding="utf-8")

    async def sideways() -> object:
        async with browser(tmp_path / "profile") as tab:
            await tab.open(file.as_uri(), 380, "light")
            return await tab.value("document.documentElement.scrollWidth > innerWidth")

    assert anyio.run(sideways) is False


@pytest.mark.skipif("BRIEFING_AXE" not in os.environ, reason="BRIEFING_AXE names no axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_issue(page, tmp_path, scheme):
    axe = Path(os.environ["BRIEFING_AXE"]).read_text(encoding="utf-8")

    async def told() -> str:
        async with browser(tmp_path / "profile") as tab:
            await tab.open(page.as_uri(), 1200, scheme)
            await tab.ask("Runtime.evaluate", expression=axe)
            found = await tab.ask("Runtime.evaluate", expression=AXE, awaitPromise=True, returnByValue=True)
            return str(found["result"]["value"])

    assert json.loads(anyio.run(told)) == []


@pytest.mark.skipif("BRIEFING_VNU" not in os.environ, reason="BRIEFING_VNU names no vnu.jar")
@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed: the Nu checker cannot run")
def test_the_nu_checker_finds_nothing_in_an_issue(page):
    command = ["java", "-jar", os.environ["BRIEFING_VNU"], "--format", "text", "--Werror", str(page)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr.replace("Document checking completed. No errors found.", "").strip()) == (
        0,
        "",
    )
