"""What is learnt from and judged: texts in their language, and what people said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from briefing.forms import form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.model import Topic

OPENING = 400
"""Characters of the text that an encoder reads behind the title: more makes it slower, and no better."""


class Text(NamedTuple):
    """Title and text of an item; `language` is its first subtag only (see `primary`)."""

    title: str
    text: str
    language: str

    @property
    def opening(self) -> str:
        """What an encoder is given."""
        return f"{self.title}\n{self.text[:OPENING]}".strip()

    @property
    def whole(self) -> str:
        """Title and text."""
        return f"{self.title}\n{self.text}".strip()


class Sample(NamedTuple):
    """A text of which people said, for some topics, whether it belongs there."""

    text: Text
    answers: Mapping[str, bool]


def primary(language: str) -> str:
    """The language without its region and script; the written forms of Norwegian are one."""
    subtag = language.replace("_", "-").split("-")[0].casefold()
    return "no" if subtag in {"nb", "nn"} else subtag


def speaks(topic: Topic, language: str) -> bool:
    """Whether a topic has phrases in a language."""
    return any(phrases and primary(key) == language for key, phrases in topic.phrases.items())


def spoken(topic: Topic, language: str = "") -> list[str]:
    """The phrases of a topic, in all languages or in one, as words: no asterisks, forms in parts, no expressions."""
    found: dict[str, None] = {}
    for key, listed in topic.phrases.items():
        for phrase in listed if not language or primary(key) == language else ():
            form = form_of(phrase)
            parts = (phrase,) if form is None else form.parts if form.kind != "regex" else ()
            for part in parts:
                if words := part.replace("*", "").strip():
                    found[words] = None
    return list(found)
