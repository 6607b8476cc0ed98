"""The platforms: the only list of them, and what the settings have to hold for those that are set."""

from collections.abc import Mapping

from bot.gcra import Pace
from bot.settings import Settings, SettingsError
from handlers.platform import Platform
from handlers.slack.platform import PLATFORM as SLACK
from handlers.telegram.platform import PLATFORM as TELEGRAM

PLATFORMS: tuple[Platform, ...] = (TELEGRAM, SLACK)
PACES: Mapping[str, Pace] = {platform.name: platform.pace for platform in PLATFORMS}


def platforms_set(settings: Settings) -> tuple[Platform, ...]:
    """Those that an operator has set."""
    return tuple(platform for platform in PLATFORMS if platform.way(settings) is not None)


def check_platforms(settings: Settings) -> None:
    """Raise SettingsError unless at least one platform is set, and each of them completely."""
    for platform in PLATFORMS:
        for need in platform.needs(settings):
            if need.missing:
                raise SettingsError(f"{need.missing} is not set: {need.because}.")
    ways = [way for platform in PLATFORMS if (way := platform.way(settings)) is not None]
    if not ways:
        either = ", or ".join(platform.least for platform in PLATFORMS)
        raise SettingsError(f"No platform is set: set {either}, or try `throughline chat`, which needs none.")
    if any(way.over_http for way in ways) and not settings.http_port:
        raise SettingsError("HTTP_PORT is 0, but a platform comes in over HTTP: set a port.")
