"""An invented press world to try the service on: three ministries, a commission, an institute, a centre, a review and
a newspaper around one strait, served on loopback, with a configuration and with what is right after each round.
"""

from __future__ import annotations

from briefing.demo.configuration import settings
from briefing.demo.expectations import Expected, ExpectedItem, expected
from briefing.demo.server import serve
from briefing.demo.world import ROUNDS, World

__all__ = ["ROUNDS", "Expected", "ExpectedItem", "World", "expected", "serve", "settings"]
