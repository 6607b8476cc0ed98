"""What can go wrong with the database, each with one sentence that names the thing and the mend."""
# ruff: noqa: N818 - they are named for what happened


class StorageError(Exception):
    """The database cannot be used as asked; the message is one sentence for the operator and holds no secret."""


class DatabaseInUse(StorageError):
    """Another process serves this SQLite file already."""


class DatabaseBusy(StorageError):
    """Another process kept the SQLite file locked for longer than the busy timeout; nothing of the unit was run."""


class DatabaseAway(StorageError):
    """The server does not answer, or is only just starting; it may soon."""


class DatabaseClosed(StorageError):
    """The unit came after `close()`; it was not run."""


class CommitUncertain(StorageError):
    """The connection was lost during COMMIT: the unit is stored whole or not at all, and nobody can say which."""


class Unreadable(StorageError):
    """A stored value does not hold what its column should; the message quotes none of it."""


class KeyLost(Unreadable):
    """No key of the ring opens what is stored."""


class UnitError(StorageError):
    """A unit broke the rules of units: see `storage.database.units`."""
