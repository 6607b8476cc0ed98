"""What a client can say at any time: pure functions from a reading and the facts to a reply."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.digest.client_lines import client_lines
from bot.coaching.practice.call import callme
from bot.coaching.rhythm.commands import pause, resume, stop, travel
from bot.coaching.shared.roles import Command, for_client
from bot.coaching.visibility.table import cover_of, own_engagement, own_view
from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Reply

# -- who sees what ---------------------------------------------------------------------------------------------------


def whatmycoachsees(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The very lines that the coach can look up."""
    engagement = own_engagement(facts)
    if engagement is None:
        return Reply(says=(phrase("no_role"),))
    view = own_view(facts, engagement)
    cover = cover_of(engagement, facts.today)
    names = {"coach": engagement.coach_name}
    says = (phrase("coach_sees_this", **names), phrase("in_lines", lines=list(client_lines(view, facts.today))))
    too = () if cover is None else (phrase("cover_sees_this", **names, cover=cover.name, day=cover.last),)
    return Reply(says=(*says, *too))


# -- all of them -----------------------------------------------------------------------------------------------------

_COMMANDS: Mapping[str, Command] = {
    "callme": callme,
    "pause": pause,
    "resume": resume,
    "travel": travel,
    "whatmycoachsees": whatmycoachsees,
    "start": resume,
    "stop": stop,
}

# Each looks at who asks before it does anything, so that both roles' commands may lie in one mapping.
CLIENT_COMMANDS: Mapping[str, Command] = {verb: for_client(command) for verb, command in _COMMANDS.items()}
