"""What operators ask over HTTP: does it live, is it ready and why not, and how much of what has happened."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.logs import Redactor
from bot.running.metrics import CONTENT_TYPE, Metrics, Tally
from bot.running.watch import Part
from storage.database.open import Database

_log = logging.getLogger("throughline")
PATIENCE = 5.0  # seconds that the database may take to answer
READY = "ready"
NO_ROLES: Mapping[str, Callable[[], bool]] = MappingProxyType({})


def health_routes(
    database: Database,
    parts: Mapping[str, Part],
    metrics: Metrics,
    tally: Tally,
    clock: Callable[[], datetime],
    clean: Redactor,
    roles: Mapping[str, Callable[[], bool]] = NO_ROLES,
) -> list[Route]:
    """`/healthz`: the process lives. `/readyz`: each part and what it lacks. `/metrics`: figures for Prometheus.

    `/readyz` answers 503 while a part is not ready, with the `reasons`, and with `since` when (UTC) for a platform.
    `roles` are what only one process may do at a time: each is `here` or `elsewhere`, and neither makes a process less
    ready.
    """

    async def healthz(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> JSONResponse:
        states = {"database": await _database_state(database)}
        states |= {name: str(part.state) for name, part in parts.items()}
        reasons = {name: clean.clean(part.reason) for name, part in parts.items() if part.reason}
        if states["database"] != READY:
            reasons["database"] = "the database does not answer: look at its server, disk and locks"
        held = {name: "here" if here() else "elsewhere" for name, here in roles.items()}
        down = {name: part.down_for for name, part in parts.items() if states[name] != READY}
        since = {name: _ago(clock(), seconds) for name, seconds in down.items() if seconds is not None}
        more = {"reasons": reasons, "since": since, "roles": held}
        ready = set(states.values()) == {READY}
        return JSONResponse({**states, **{k: v for k, v in more.items() if v}}, status_code=200 if ready else 503)

    async def figures(_request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE):
                page = await metrics.page(database, parts, tally, clock())
        except Exception as error:
            _log.warning("metrics: the database does not answer: %s", type(error).__name__)
            return Response(status_code=503)
        return Response(page, headers={"content-type": CONTENT_TYPE})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", figures)]


def _ago(now: datetime, seconds: float) -> str:
    return (now - timedelta(seconds=seconds)).isoformat(timespec="seconds")


async def _database_state(database: Database) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await database.read(partial(_answers))
    except Exception as error:
        _log.warning("readiness: the database does not answer: %s", type(error).__name__)
        return "unreachable"
    return READY


def _answers(connection: Connection) -> None:
    connection.exec_driver_sql("select 1").scalar()
