"""`throughline run`: every platform that is set, in one process and one event loop, with a clean start and stop."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from enum import StrEnum
from functools import partial

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.routing import Route

from bot.app import App, Edges, library, running
from bot.cli.links import guests_of, links_of
from bot.engine.dialogue.load import DialogueError
from bot.logs import Redactor, set_up_logs
from bot.messages.sending import Messenger
from bot.platforms import PLATFORMS, check_platforms, platforms_set
from bot.rendering.wording import WordingError
from bot.running.health_routes import health_routes
from bot.running.leader import Alone, Lead
from bot.running.metrics import Metrics
from bot.running.wait_for_database import when_there
from bot.running.watch import Watched
from bot.settings import Settings, SettingsError, read_settings, unknown_settings
from handlers.platform import Incoming, Service
from schedules.scheduler import scheduler
from storage.database.open import lock_for_one_process
from storage.errors import StorageError
from storage.ids import new_id

_log = logging.getLogger("throughline")
EDGES = Edges()
AFTER_OTHERS = 0.2  # seconds between looks at an outbox that only other processes fill
JOBS = "jobs"  # what the process is chosen for that does them
LOOK_AGAIN = 30.0  # seconds between looks at what invitations can point to
LOOK_SOON = 0.2  # the same, while a platform has not been reached


class Share(StrEnum):
    """What a process takes on."""

    ALL = "all"
    RECEIVE = "receive"
    DELIVER = "deliver"


def run(edges: Edges = EDGES, share: Share = Share.ALL) -> None:
    """Serve until SIGTERM or SIGINT; raises SettingsError and StorageError for what an operator can mend."""
    settings = read_settings()
    check_platforms(settings)
    if share is not Share.ALL and settings.database.startswith("sqlite"):
        raise SettingsError("--only needs PostgreSQL (DATABASE_URL): on a SQLite file one process does everything.")
    set_up_logs(level=settings.log_level, form=settings.log_format, secrets=settings.secrets)
    for line in unknown_settings():
        _log.warning(line)
    with lock_for_one_process(settings.database):
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
        services = {p.name: p.build(settings, app.database, app.library) for p in platforms_set(settings)}
        messengers.update({name: edges.messenger(service.messenger) for name, service in services.items()})
        try:
            await _together(settings, app, services, door, stop, edges, metrics, share)
        finally:
            for service in services.values():
                await _closed(service)
    _log.info("stopped")


async def _together(
    settings: Settings,
    app: App,
    services: Mapping[str, Service],
    door: socket.socket | None,
    stop: asyncio.Event,
    edges: Edges,
    metrics: Metrics,
    share: Share,
) -> None:
    clock, alone = edges.clock, settings.database.startswith("sqlite")
    me = f"{socket.gethostname()}:{os.getpid()}:{new_id()}"
    turns = [platform.turn for platform in PLATFORMS if platform.turn]
    leads = {name: Alone() if alone else Lead(app.database, name, me) for name in (*turns, JOBS)}
    jobs = scheduler(app.jobs, clock, lambda: leads[JOBS].chosen)
    tasks: list[Awaitable[None]] = [_links(settings, app, services)]
    if share is not Share.RECEIVE:
        tasks += [_delivering(app, jobs, stop, edges.patience, alone=alone), leads[JOBS].run()]
    parts = {name: Watched(name, service, calm=edges.calm) for name, service in services.items()}
    incoming = {
        p.name: Incoming(receive=app.conversation.receive, clock=clock, turn=leads.get(p.turn), wake=app.delivery.wake)
        for p in PLATFORMS
    }
    takes_in = share is not Share.DELIVER
    for name, service in services.items():  # each is kept going by itself: where it fails, nothing else ends
        tasks += [parts[name].keep(work) for work in service.work(incoming[name], takes_in=takes_in)]
    if door is not None:
        roles = {} if alone else {name: partial(_is_here, lead) for name, lead in leads.items()}
        clean = Redactor(settings.secrets)
        routes = health_routes(app.database, parts, metrics, app.delivery.tally, clock, clean, roles)
        for name, service in services.items():
            routes += service.http_routes(incoming[name], takes_in=takes_in)
        tasks.append(_http([*routes, *guests_of(settings, app, clock)], door))
    _log.info("serving %s", ", ".join(_served(settings, door)))
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


async def _closed(part: Service) -> None:
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


async def _links(settings: Settings, app: App, services: Mapping[str, Service]) -> None:
    """Let invitations point to what is there: a platform may know only once it has been reached."""
    while True:
        app.conversation.use(replace(app.library, links=links_of(settings, services)))
        unknown = any(service.link is None for service in services.values())
        await asyncio.sleep(LOOK_SOON if unknown else LOOK_AGAIN)


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


def _served(settings: Settings, door: socket.socket | None) -> list[str]:
    found = [way.served for platform in PLATFORMS if (way := platform.way(settings)) is not None]
    return [*found, f"HTTP at {settings.http_host}:{settings.http_port}"] if door is not None else found
