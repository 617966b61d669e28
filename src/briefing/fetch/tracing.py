"""What a name resolved to, for those who ask why an address cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.fetch.dialling import SystemResolver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefing.fetch.dialling import Resolve


class Trace:
    """Resolves as `resolve` does (by default as the system does) and remembers the answers by name."""

    def __init__(self, resolve: Resolve | None = None) -> None:
        self._system = SystemResolver() if resolve is None else None
        self._resolve: Resolve = resolve or self._system  # type: ignore[assignment]  # one of the two is there
        self.resolved: dict[str, tuple[str, ...]] = {}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """All addresses of a name.

        Raises:
            OSError: the name does not resolve.
        """
        found = await self._resolve(host, port)
        self.resolved[host] = tuple(found)
        return found

    def close(self) -> None:
        """Give back what resolves."""
        if self._system is not None:
            self._system.close()
