"""`throughline run`: every platform that is set, in one process and one event loop, with a clean start and stop."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Iterator
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.app import App, running
from bot.clock import real_clock
from bot.logs import set_up_logs
from bot.messages import Messenger
from bot.platforms import links_of, slack_of, telegram_of
from bot.settings import Settings, SettingsError, check_platforms, read_settings
from handlers.slack.app import Slack
from handlers.telegram.service import Telegram
from schedules.scheduler import scheduler
from storage.database import lock_for_one_process

_log = logging.getLogger("throughline")
LOOK_AGAIN = 30.0  # seconds between looks at what invitations can point to


def run() -> None:
    """Serve until SIGTERM or SIGINT; raises SettingsError and StorageError for what an operator can mend."""
    settings = read_settings()
    check_platforms(settings)
    set_up_logs(level=settings.log_level, form=settings.log_format, secrets=settings.secrets)
    with lock_for_one_process(settings.database_url):
        asyncio.run(serve(settings))


async def serve(settings: Settings, *, stop: asyncio.Event | None = None) -> None:
    """Serve until `stop` is set; a signal sets it."""
    stop = stop or asyncio.Event()
    door = _door(settings)
    messengers: dict[str, Messenger] = {}
    async with running(settings, messengers, real_clock) as app:
        telegram, slack = telegram_of(settings, app), slack_of(settings, app)
        messengers.update({part.messenger.platform: part.messenger for part in (telegram, slack) if part})
        try:
            with _signals(stop):
                await _together(settings, app, telegram, slack, door, stop)
        finally:
            for part in (telegram, slack):
                if part is not None:
                    await part.close()
    _log.info("stopped")


async def _together(
    settings: Settings,
    app: App,
    telegram: Telegram | None,
    slack: Slack | None,
    door: socket.socket | None,
    stop: asyncio.Event,
) -> None:
    receive = app.conversation.receive
    await app.delivery.recover(alone=settings.database_url.startswith("sqlite"))
    jobs = scheduler(app.jobs, real_clock)
    tasks: list[Awaitable[None]] = [app.delivery.run(), _links(settings, app, telegram)]
    if telegram is not None:
        tasks.append(telegram.serve(receive, real_clock))
    if slack is not None and settings.slack_way == "socket":
        tasks.append(slack.run_socket(receive, real_clock))
    if door is not None:
        routes = [*_health(app, telegram, slack), *(telegram.routes() if telegram else [])]
        if slack is not None and settings.slack_way != "socket":
            routes += slack.routes(receive, real_clock)
        tasks.append(_http(routes, door))
    jobs.start()
    _log.info("serving %s", ", ".join(_served(settings, telegram, slack, door)))
    try:
        await _until(stop, tasks)
    finally:
        jobs.shutdown(wait=False)


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


def _health(app: App, telegram: Telegram | None, slack: Slack | None) -> list[Route]:
    """`/healthz`: the process lives. `/readyz`: the database answers and every platform is reached."""

    async def healthz(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> JSONResponse:
        states = {"database": await _database_state(app)}
        states |= {name: part.state.value for name, part in (("telegram", telegram), ("slack", slack)) if part}
        ready = all(state == "ready" for state in states.values())
        return JSONResponse(states, status_code=200 if ready else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


async def _database_state(app: App) -> str:
    try:
        async with asyncio.timeout(5):
            await app.database.read(lambda connection: connection.exec_driver_sql("select 1").scalar())
    except Exception as error:
        _log.warning("readiness: the database does not answer: %s", type(error).__name__)
        return "unreachable"
    return "ready"


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
