"""Prints of texts in two sorts: of their characters, which cost nothing, and of what a reader would notice of them."""

from __future__ import annotations

from briefing.text import EXACT, exact_print


def noticed_print(text: str, html: str = "") -> str:
    """See `briefing.noise.text_print`."""
    # Its many expressions take 50 ms to compile, and most visits find nothing to compare.
    from briefing.noise import text_print  # noqa: PLC0415

    return text_print(text, html)


def same_text(text: str, html: str, held: str) -> bool:
    """Whether a text gives a print that is held, of either sort."""
    return (exact_print(text, html) if held.startswith(EXACT) else noticed_print(text, html)) == held
