"""The versions of dialogues that runs began with, at hand for one event."""

from sqlalchemy import Connection

from bot.engine.dialogue.load import build
from bot.engine.library import Library
from storage.conversation import versions
from storage.conversation.conversations import Runs


def pinned(connection: Connection, library: Library, runs: Runs) -> tuple[Library, Library]:
    """The library as it is to be remembered, and with every version that these runs need.

    Versions are known by their content, so remembering them can never be wrong; but a coach's words are forgotten
    with their owner, and whoever was in the middle of them goes on with the dialogue as it now is.
    """
    missing = {run.version for run in runs} - library.versions.keys()
    if not missing:
        return library, library
    stored = versions.versions(connection, missing)
    built = {version: build(source) for version, source in stored.items()}
    kept = library.with_versions({version: each for version, each in built.items() if not each.worded})
    lost = [run for run in runs if run.version in missing - built.keys() and ("en", run.dialogue) in library.dialogues]
    now = {run.version: library.newest(run.dialogue, versions.language_of(connection, run.id)) for run in lost}
    return kept, kept.with_versions({**built, **now})
