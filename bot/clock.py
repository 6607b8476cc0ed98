"""Clocks: the real one, read at the edge only, and one that is moved by hand."""

from datetime import UTC, datetime, timedelta


def real_clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


class MovedClock:
    """A clock that goes with the real one, ahead by `offset`."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def __call__(self) -> datetime:
        """The present instant of this clock, in UTC."""
        return real_clock() + self.offset


class SetClock:
    """A clock that stands where it was set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant that it was set to, in UTC."""
        return self.now
