"""The console as a messenger: what is sent is shown, and has arrived when it was shown."""

from collections.abc import Callable

from bot.messages import Fate, Parcel, Sent


class ConsoleMessenger:
    """Shows each parcel by calling `show`; a terminal does not change what it has shown."""

    platform = "console"
    edits = False
    forms = False
    pages = False

    def __init__(self, show: Callable[[Parcel], None]) -> None:
        self._show = show

    async def send(self, parcel: Parcel) -> Fate:
        """Show it."""
        self._show(parcel)
        return Sent(message_id=str(parcel.id))
