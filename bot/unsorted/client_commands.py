"""What a client can say at any time: pure functions from a reading and the facts to a reply."""

from collections.abc import Mapping

from bot.coaching.rhythm.commands import pause, resume, stop, travel
from bot.coaching.shared.roles import Command, for_client

# -- all of them -----------------------------------------------------------------------------------------------------

_COMMANDS: Mapping[str, Command] = {
    "pause": pause,
    "resume": resume,
    "travel": travel,
    "start": resume,
    "stop": stop,
}

# Each looks at who asks before it does anything, so that both roles' commands may lie in one mapping.
CLIENT_COMMANDS: Mapping[str, Command] = {verb: for_client(command) for verb, command in _COMMANDS.items()}
