"""The pages as Chromium sets them, asked over its DevTools protocol."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import anyio
import pytest

from web_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    JAPANESE,
    NOTICE,
    furnished,
    opened,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
)  # fmt: skip
PAGES = (
    "/", "/items/", f"/items/{NOTICE}", f"/items/{NOTICE}/changes", f"/items/{JAPANESE}", "/topics/",
    "/topics/dredging", "/sources/", "/sources/silent-board", "/digests/weekly", "/changes", "/ahead", "/briefings",
    "/feeds", "/nowhere",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: pages cannot be looked at"),
]


class Tab:
    """A tab of a browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._asked = 0

    async def ask(self, method: str, **values: Any) -> Any:
        self._asked += 1
        await self._socket.send_json({"id": self._asked, "method": method, "params": values})
        while True:
            told = await self._socket.receive_json()
            if told.get("id") == self._asked:
                assert "error" not in told, told
                return told["result"]

    async def told(self, method: str) -> None:
        while (await self._socket.receive_json()).get("method") != method:
            pass

    async def open(self, address: str, width: int, scheme: str = "light") -> None:
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        await self.ask("Emulation.setEmulatedMedia", features=media)
        await self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        await self.ask("Page.enable")
        await self._socket.send_json({"id": 0, "method": "Page.navigate", "params": {"url": address}})
        await self.told("Page.loadEventFired")

    async def value(self, expression: str) -> Any:
        found = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"]["value"]


@asynccontextmanager
async def browser(folder):
    process = await anyio.to_thread.run_sync(_started, folder)
    try:
        port = await anyio.to_thread.run_sync(_port, process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                tabs = await answer.json(content_type=None)
            address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(address, max_msg_size=0) as socket:
                yield Tab(socket)
    finally:
        process.terminate()
        process.communicate()  # reads what is left, so that a full pipe cannot hold it


def _started(folder) -> subprocess.Popen[bytes]:
    assert CHROMIUM is not None
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def _port(process) -> int:
    for line in process.stderr:
        if found := re.search(rb"ws://127\.0\.0\.1:(\d+)/", line):
            return int(found[1])
    raise AssertionError("Chromium ended before it could be asked")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    shelf = tmp_path_factory.mktemp("shelf")
    furnished(shelf).desk.close()
    with opened(shelf, tmp_path_factory.mktemp("site")) as site:
        yield site


def test_no_page_has_to_be_moved_sideways_from_320_to_2560_pixels(site, tmp_path):
    async def wide() -> dict[tuple[str, int], int]:
        found = {}
        async with browser(tmp_path / "profile") as tab:
            for path in PAGES:
                for width in (320, 2560):
                    await tab.open(f"{site.url}{path}", width)
                    found[path, width] = await tab.value("document.documentElement.scrollWidth")
        return found

    assert {place: width for place, width in anyio.run(wide).items() if width > place[1]} == {}


def test_ink_stands_on_paper_in_both_schemes_and_far_enough_apart(site, tmp_path):
    # WCAG 2.2, success criterion 1.4.6: 7 to 1 for text, read from what the browser computed.
    contrast = """(() => {
      const light = text => text.match(/[0-9.]+/g).slice(0, 3).map(Number).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const paper = light(getComputedStyle(document.documentElement).backgroundColor);
      const texts = [...document.querySelectorAll("main *, header *, footer *")]
        .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .filter(one => !["BUTTON", "OPTION", "INS", "DEL", "MARK"].includes(one.tagName));
      return Math.min(...texts.map(one => light(getComputedStyle(one).color))
        .map(ink => (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)));
    })()"""

    async def least() -> dict[tuple[str, str], float]:
        found = {}
        async with browser(tmp_path / "profile") as tab:
            for path in ("/", f"/items/{NOTICE}", "/sources/", "/topics/dredging"):
                for scheme in ("light", "dark"):
                    await tab.open(f"{site.url}{path}", 1280, scheme)
                    found[path, scheme] = await tab.value(contrast)
        return found

    assert {place: ratio for place, ratio in anyio.run(least).items() if ratio < 7} == {}


def test_the_first_key_leads_past_the_navigation_and_focus_is_seen(site, tmp_path):
    async def focused() -> tuple[str, str, bool]:
        async with browser(tmp_path / "profile") as tab:
            await tab.open(f"{site.url}/", 1280)
            await tab.ask("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
            style = "getComputedStyle(document.activeElement)"
            return (
                await tab.value("document.activeElement.getAttribute('href')"),
                await tab.value(f"{style}.outlineStyle"),
                await tab.value("document.activeElement.getBoundingClientRect().left >= 0"),
            )

    assert anyio.run(focused) == ("#main", "solid", True)


def test_an_item_prints_on_paper_without_its_navigation(site, tmp_path):
    async def printed() -> tuple[bytes, str]:
        async with browser(tmp_path / "profile") as tab:
            await tab.open(f"{site.url}/items/{NOTICE}", 1280)
            paper = await tab.ask("Page.printToPDF")
            await tab.ask("Emulation.setEmulatedMedia", media="print")
            shown = await tab.value("getComputedStyle(document.querySelector('header nav')).display")
            return base64.b64decode(paper["data"]), shown

    pdf, shown = anyio.run(printed)
    assert pdf.startswith(b"%PDF-")
    assert shown == "none"
