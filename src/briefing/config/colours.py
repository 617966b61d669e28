"""Colours of the house: told apart from our paper by eyes that see less, or refused with the ratio measured."""

from __future__ import annotations

import re

FORM = "#[0-9a-fA-F]{6}"

LIGHT, DARK = "#fffdf8", "#15171a"
"""The papers of our light and dark pages."""

_ENOUGH = 4.5  # WCAG 2.2, success criterion 1.4.3, level AA, for text
_STEPS = 100


def on_light(value: object) -> str:
    """A colour (`#rrggbb`) that is read on light paper."""
    return _readable(value, LIGHT, "#000000")


def on_dark(value: object) -> str:
    """A colour (`#rrggbb`) that is read on dark paper."""
    return _readable(value, DARK, "#ffffff")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lower, upper = sorted((_luminance(one), _luminance(other)))
    return (upper + 0.05) / (lower + 0.05)


def _readable(value: object, paper: str, towards: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(FORM, value.strip()):
        raise ValueError(f'"{value}" is no colour: write # and six digits, in quotation marks, as in "#1a3e72"')
    colour = value.strip().lower()
    measured = contrast(colour, paper)
    if measured < _ENOUGH:
        which = "light" if paper == LIGHT else "dark"
        raise ValueError(
            f"{colour} has a contrast of {measured:.1f}:1 on our {which} paper ({paper}), and text needs {_ENOUGH}:1 "
            f"(WCAG 2.2, AA); {_nearest(colour, paper, towards)} would do"
        )
    return colour


def _nearest(colour: str, paper: str, towards: str) -> str:
    """The first colour on the way to black or white that can be read."""
    mixed = (_mixed(colour, towards, step / _STEPS) for step in range(1, _STEPS + 1))
    return next(one for one in mixed if contrast(one, paper) >= _ENOUGH)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(here + (there - here) * share):02x}" for here, there in pairs)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2): 0 for black, 1 for white."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of the sRGB curve


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
