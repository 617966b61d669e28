"""What an examination finds: a state, a sentence, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, WRONG = "ok", "warning", "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `state` is ok, warning or wrong; `mend` is empty where there is nothing to do."""

    subject: str
    state: str
    said: str
    mend: str = ""


def ok(subject: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(subject=subject, state=OK, said=said)


def warning(subject: str, said: str, mend: str) -> Finding:
    """It works, and may hurt some day."""
    return Finding(subject=subject, state=WARNING, said=said, mend=mend)


def wrong(subject: str, said: str, mend: str) -> Finding:
    """It does not work, or not as promised."""
    return Finding(subject=subject, state=WRONG, said=said, mend=mend)
