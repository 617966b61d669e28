"""The configuration that the press world is read with."""

from __future__ import annotations

from briefing.demo.content import data_text


def settings(base: str, site_url: str) -> str:
    """The text of a sources.yaml for a world served at `base`, published at `site_url`; both without a last slash."""
    text = data_text("sources.yaml")
    return text.replace("http://press.invalid", base).replace("http://site.invalid", site_url)
