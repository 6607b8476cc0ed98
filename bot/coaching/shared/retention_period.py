"""For how long a client's data is kept after the end."""

from datetime import date, timedelta

from bot.model.people.preferences import Preferences

KEPT_AFTER_THE_END = timedelta(days=365)  # how long data is kept after the end


def deleted_on(end: date, wishes: Preferences) -> date:
    """The local day on which a client's data goes: the longest that is kept, or earlier where they wished so."""
    return end + min(KEPT_AFTER_THE_END, timedelta(days=wishes.keep_days))
