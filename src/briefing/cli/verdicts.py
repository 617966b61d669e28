"""What a model says of an item and a topic, in words and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefing.service.weighing import Verdict


def verdict(one: Verdict | None) -> dict[str, Any] | None:
    """For programs; None where no model says anything."""
    if one is None:
        return None
    vote = one.vote
    return {
        "margin": one.margin,
        "phrases": one.phrases,
        "trust": round(vote.trust, 4),
        "wording": vote.wording,
        "meaning": vote.meaning,
        "near": vote.near,
        "above": vote.turned,
        "yes": one.yes,
        "no": one.no,
    }


def told(one: Verdict) -> str:
    """In words: what it comes to, of what parts, and what it was learnt from."""
    vote = one.vote
    if not vote.trust:
        return f"nothing learnt that speaks here; {_near(one)}"
    parts = [f"{name} {value:+.1f}" for name, value in (("wording", vote.wording), ("meaning", vote.meaning))
             if value is not None]  # fmt: skip
    side = "for" if one.margin > 0 else "against"
    learnt = f"learnt from {one.yes} yes and {one.no} no, weighs {vote.trust:.0%}"
    return f"{side} it by {abs(one.margin):.1f} ({', '.join(parts)}, phrases {one.phrases:+g}; {learnt}); {_near(one)}"


def _near(one: Verdict) -> str:
    return f"nearness {one.vote.near:.2f}, {one.vote.turned:+.1f} against its other topics"
