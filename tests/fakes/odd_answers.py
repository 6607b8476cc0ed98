"""What a gateway answers in a platform's place: pages, halves, other kinds of value, redirects, bytes that drip."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, kw_only=True, slots=True)
class OddAnswer:
    """One such answer. `short`: so many bytes fewer come than were announced; `drips`: seconds between two bytes."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    short: int = 0
    drips: float = 0.0


async def give(odd: OddAnswer, request: web.Request) -> web.StreamResponse:
    """Answer a request so."""
    headers = {"Content-Type": odd.kind, **odd.headers}
    if not (odd.short or odd.drips):
        return web.Response(status=odd.status, body=odd.body, headers=headers)
    answer = web.StreamResponse(status=odd.status, headers=headers)
    answer.content_length = len(odd.body) + odd.short
    answer.force_close()
    await answer.prepare(request)
    for at in range(len(odd.body)):
        await answer.write(odd.body[at : at + 1])
        await asyncio.sleep(odd.drips)
    return answer
