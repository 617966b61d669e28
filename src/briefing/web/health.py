"""The health of the service, for programs that watch over it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from briefing.errors import BriefingError
from briefing.web import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from briefing.service import Service

# While sources are read the read models follow the log batch by batch; only a lag that stays is a fault.
_PATIENCE = 60
_HEALTHY = ("ok", "new", "stale")


def endpoint(service: Service) -> Callable[[Request], Response]:
    """Answers 200 with `status` ok; 503 where the read models cannot be read or have been behind for a minute."""

    def healthz(_: Request) -> Response:
        status, report = _report(service)
        body = json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n"
        headers = {"Cache-Control": "no-store", **answers.secured()}
        return Response(body, status_code=status, headers=headers, media_type="application/json")

    return healthz


def _report(service: Service) -> tuple[int, dict[str, Any]]:
    desk = service.desk
    try:
        position = desk.library.position()
        head = desk.store.head()
        states = desk.library.health(polled=False)
        failing = [one.source for one in states if one.state not in _HEALTHY]
        silent = [one.source for one in states if one.state == "stale"]
        waiting = desk.store.read(position, 1) if head > position else []
    except BriefingError as error:
        return 503, {"status": "unreadable", "problem": str(error)}
    behind = (desk.clock() - waiting[0].recorded_at).total_seconds() if waiting else 0.0
    late = behind > _PATIENCE
    report: dict[str, Any] = {
        "status": "behind" if late else "ok",
        "log_position": head,
        "read_model_position": position,
        "behind_seconds": round(max(behind, 0.0)),
        "sources_failing": failing,
        "sources_silent": silent,
    }
    if late:
        report["problem"] = (
            "the read models do not follow the log: look at the service's log, or run `briefing rebuild`"
        )
    return 503 if late else 200, report
