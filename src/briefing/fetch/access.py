"""How one source's server is asked beyond what holds for all: headers of its own, another name, further roots.

Headers may be secrets: they go to the source's own scheme, host and port alone (RFC 6454), and stand in no message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from briefing.errors import FetchError
from briefing.fetch import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from briefing.model import Source

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a source's requests carry.

    `headers` are sent to `origin` only, `user_agent` (empty: our own) to whoever is asked, `ca_file` (empty: none)
    holds certificates that are trusted besides the system's. With `allow_http` a redirect may lead from https to http.
    """

    origin: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    user_agent: str = ""
    ca_file: str = ""
    allow_http: bool = False

    def own(self, url: httpx.URL, headers: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of a request to `url`, by lower-case name."""
        more = {"user-agent": self.user_agent} if self.user_agent else {}
        if self.headers and addresses.origin(url) == self.origin:
            more |= {name.lower(): value for name, value in self.headers.items()}
        return {**headers, **more} if more else headers

    def check_redirect(self, before: httpx.URL, after: httpx.URL) -> None:
        """Let a redirect pass unless it gives up TLS unasked.

        Raises:
            FetchError: `tls`.
        """
        if before.scheme == "https" and after.scheme == "http" and not self.allow_http:
            raise FetchError(
                f"{addresses.shown(before)} redirects to {addresses.shown(after)}, which is not encrypted: write the"
                " source's url anew, or allow_http: true under it.",
                failure="tls",
            )


def access_of(source: Source, environ: Mapping[str, str]) -> Access:
    """The access that a source is configured with.

    Raises:
        FetchError: `address`, where a header names a variable that the environment does not hold.
    """
    return Access(
        origin=addresses.origin(addresses.understood(source.url)) if source.headers else "",
        headers={name: _filled(source, name, value, environ) for name, value in source.headers.items()},
        user_agent=source.user_agent or "",
        ca_file=source.ca_file or "",
        allow_http=source.allow_http,
    )


def _filled(source: Source, name: str, value: str, environ: Mapping[str, str]) -> str:
    missing = [variable for variable in _VARIABLE.findall(value) if variable not in environ]
    if missing:
        raise FetchError(
            f"the header {name} of {source.id} is to hold {missing[0]}, which the environment does not have: set it"
            " where this program is started.",
            failure="address",
        )
    filled = _VARIABLE.sub(lambda found: environ[found[1]].strip(), value)
    if not (filled.isascii() and filled.isprintable()):
        raise FetchError(
            f"the header {name} of {source.id} does not fit on one line of ASCII: look at the variable it is made of.",
            failure="address",
        )
    return filled
