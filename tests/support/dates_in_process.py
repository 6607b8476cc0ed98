"""The date parser in the tests' own process: a child for each of a thousand small towns costs a second apiece."""

from datetime import datetime

from bot.messages.readings import DateReading
from bot.understanding.dates.read import read_date
from bot.understanding.dates.worker import DateWorker


class NearDates(DateWorker):
    """Reads what the child would read, right here; that the child never holds up the loop is for test_dates to show."""

    async def read(self, text: str, *, now: datetime, zone: str, locale: str = "en-US") -> DateReading:
        """Like `read_date`."""
        return read_date(text, now=now, zone=zone, locale=locale)
