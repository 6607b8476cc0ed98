"""`throughline run`: every platform that is set, in one process and one event loop, with a clean start and stop."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.routing import Route

from bot.app import App, Edges, library, running
from bot.cli.platforms import guests_of, links_of, slack_of, telegram_of
from bot.engine.load import DialogueError
from bot.logs import Redactor, set_up_logs
from bot.messages import Messenger
from bot.rendering.wording import WordingError
from bot.running.health_routes import health_routes
from bot.running.leader import Alone, Lead
from bot.running.metrics import Metrics
from bot.running.wait_for_database import when_there
from bot.running.watch import Watched
from bot.settings import Settings, SettingsError, check_platforms, read_settings
from handlers.slack.app import Slack
from handlers.telegram.service import Telegram
from schedules.scheduler import scheduler
from storage.database.open import lock_for_one_process
from storage.errors import StorageError
from storage.ids import new_id

_log = logging.getLogger("throughline")
EDGES = Edges()
AFTER_OTHERS = 0.2  # seconds between looks at an outbox that only other processes fill
LOOK_AGAIN = 30.0  # seconds between looks at what invitations can point to


class Share(StrEnum):
    """What a process takes on."""

    ALL = "all"
    RECEIVE = "receive"
    DELIVER = "deliver"


def run(edges: Edges = EDGES, share: Share = Share.ALL) -> None:
    """Serve until SIGTERM or SIGINT; raises SettingsError and StorageError for what an operator can mend."""
    settings = read_settings()
    check_platforms(settings)
    if share is not Share.ALL and settings.database_url.startswith("sqlite"):
        raise SettingsError("--only needs PostgreSQL (DATABASE_URL): on a SQLite file one process does everything.")
    set_up_logs(level=settings.log_level, form=settings.log_format, secrets=settings.secrets)
    with lock_for_one_process(settings.database_url):
        try:
            asyncio.run(serve(settings, edges=edges, share=share))
        except (SettingsError, StorageError, DialogueError, WordingError):
            raise
        except Exception:  # a traceback of Python's own would show messages that may quote somebody
            _log.exception("stopped by an error")
            raise SystemExit(1) from None


async def serve(
    settings: Settings, *, stop: asyncio.Event | None = None, edges: Edges = EDGES, share: Share = Share.ALL
) -> None:
    """Serve until `stop` is set; a signal sets it."""
    stop = stop or asyncio.Event()
    door = _door(settings)
    messengers: dict[str, Messenger] = {}
    metrics = Metrics()
    how = edges.delivering
    if share is Share.DELIVER:  # what has to be said was committed by others
        how = replace(how, tempo=replace(how.tempo, idle=min(how.tempo.idle, AFTER_OTHERS)))
    made = library()

    def opened() -> AbstractAsyncContextManager[App]:
        return running(settings, messengers, edges.clock, edges.database, metrics, delivering=how, made=made)

    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_signals(stop))
        if door is not None:
            stack.callback(door.close)
        app = await when_there(lambda: stack.enter_async_context(opened()), patience=edges.patience, stop=stop)
        if app is None:
            return
        telegram, slack = telegram_of(settings, app), slack_of(settings, app)
        ours: list[Messenger] = [part.messenger for part in (telegram, slack) if part]
        messengers.update({messenger.platform: edges.messenger(messenger) for messenger in ours})
        try:
            await _together(settings, app, telegram, slack, door, stop, edges, metrics, share)
        finally:
            for part in (telegram, slack):
                if part is not None:
                    await _closed(part)
    _log.info("stopped")


async def _together(
    settings: Settings,
    app: App,
    telegram: Telegram | None,
    slack: Slack | None,
    door: socket.socket | None,
    stop: asyncio.Event,
    edges: Edges,
    metrics: Metrics,
    share: Share,
) -> None:
    clock = edges.clock
    alone, receive = settings.database_url.startswith("sqlite"), app.conversation.receive
    me = f"{socket.gethostname()}:{os.getpid()}:{new_id()}"
    polls, ticks = ((Alone() if alone else Lead(app.database, name, me)) for name in ("telegram polling", "jobs"))
    jobs = scheduler(app.jobs, clock, lambda: ticks.chosen)
    tasks: list[Awaitable[None]] = [_links(settings, app, telegram)]
    if share is not Share.RECEIVE:
        tasks += [_delivering(app, jobs, stop, edges.patience, alone=alone), ticks.run()]
    parts = {n: Watched(n, part) for n, part in (("telegram", telegram), ("slack", slack)) if part}
    tasks += _incoming(settings, app, telegram, slack, polls, clock, share, parts)
    if door is not None:
        clean, leads = Redactor(settings.secrets), {"telegram polling": polls, "jobs": ticks}
        roles = {} if alone else {name: partial(_is_here, lead) for name, lead in leads.items()}
        health = health_routes(app.database, parts, metrics, app.delivery.tally, clock, clean, roles)
        routes = [*health, *(telegram.routes() if telegram else []), *guests_of(settings, app, clock)]
        if slack is not None and settings.slack_way != "socket" and share is not Share.DELIVER:
            routes += slack.routes(receive, clock)
        tasks.append(_http(routes, door))
    _log.info("serving %s", ", ".join(_served(settings, telegram, slack, door)))
    try:
        await _until(stop, tasks)
    finally:
        if jobs.running:
            jobs.shutdown(wait=False)


async def _delivering(app: App, jobs: AsyncIOScheduler, stop: asyncio.Event, patience: float, *, alone: bool) -> None:
    """Settle what was left behind, as soon as the database lets us, then deliver and do the jobs."""
    if await when_there(partial(app.delivery.begin, alone=alone), patience=patience, stop=stop) is None:
        return
    jobs.start()
    await app.delivery.run()


def _is_here(lead: Lead | Alone) -> bool:
    return lead.chosen


def _incoming(
    settings: Settings,
    app: App,
    telegram: Telegram | None,
    slack: Slack | None,
    polls: Lead | Alone,
    clock: Callable[[], datetime],
    share: Share,
    parts: Mapping[str, Watched],
) -> list[Awaitable[None]]:
    """What takes in what people do. One process polls Telegram; Slack spreads its events over all sockets by itself.

    Each is kept going for its platform alone: where it fails, nothing else ends.
    """
    receive = app.conversation.receive
    if share is Share.DELIVER:
        if slack is not None:
            slack.only_send()
        return [parts["telegram"].keep(telegram.only_send)] if telegram is not None else []
    found: list[Awaitable[None]] = []
    if telegram is not None:
        found += [
            parts["telegram"].keep(partial(telegram.serve, receive, clock, polls)),
            parts["telegram"].keep(polls.run),
        ]
    if slack is not None:
        found.append(parts["slack"].keep(partial(slack.keep_open, clock)))
    if slack is not None and settings.slack_way == "socket":
        found.append(parts["slack"].keep(partial(slack.run_socket, receive, clock)))
    return found


async def _closed(part: Telegram | Slack) -> None:
    """Close a platform; one that cannot be closed keeps no other from it."""
    try:
        await part.close()
    except Exception as error:
        _log.warning("a platform was not closed: %s", type(error).__name__)


async def _until(stop: asyncio.Event, tasks: list[Awaitable[None]]) -> None:
    """Run all of them until `stop`; one that fails ends the others and is raised."""
    under_way = [asyncio.ensure_future(task) for task in tasks]
    stopped = asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait([stopped, *under_way], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            task.result()
    finally:
        for task in (stopped, *under_way):
            task.cancel()
        await asyncio.gather(stopped, *under_way, return_exceptions=True)


async def _links(settings: Settings, app: App, telegram: Telegram | None) -> None:
    """Let invitations point to what is there: the bot's name is known once Telegram has been reached."""
    while True:
        found = links_of(settings, telegram)
        app.conversation.use(replace(app.library, links=found))
        await asyncio.sleep(LOOK_AGAIN if found or telegram is None else 1.0)


# -- HTTP ------------------------------------------------------------------------------------------------------------


class _Server(uvicorn.Server):
    """A server that leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _http(routes: list[Route], door: socket.socket) -> None:
    config = uvicorn.Config(Starlette(routes=routes), log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    try:
        await server.serve(sockets=[door])
    except asyncio.CancelledError:
        server.should_exit = True
        await server.shutdown(sockets=[door])
        raise


def _door(settings: Settings) -> socket.socket | None:
    """The socket that HTTP comes in by, bound before anything else, so that a taken port stops the start."""
    if not settings.http_port:
        return None
    door = socket.socket(socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.http_host, settings.http_port))
    except OSError as error:
        door.close()
        at = f"{settings.http_host}:{settings.http_port}"
        raise SettingsError(
            f"HTTP_HOST, HTTP_PORT: {at} cannot be served ({error.strerror}); choose another, or 0 for none."
        ) from None
    return door


# -- starting and stopping -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError, RuntimeError):  # another thread than the main one, in tests
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def _served(
    settings: Settings, telegram: Telegram | None, slack: Slack | None, door: socket.socket | None
) -> list[str]:
    found = []
    if telegram is not None:
        found.append("Telegram by webhook" if settings.telegram_webhook_url else "Telegram by polling")
    if slack is not None:
        ways = {"socket": "by a socket", "http": "by HTTP", "oauth": "by HTTP, for many workspaces"}
        found.append(f"Slack {ways[settings.slack_way]}")
    if door is not None:
        found.append(f"HTTP at {settings.http_host}:{settings.http_port}")
    return found
