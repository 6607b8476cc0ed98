"""A client who joined and was not confirmed yet: whatever the coach wants of them, who they are comes first. Pure."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.client_lines import is_unconfirmed, name_of
from bot.coaching.naming import meant
from bot.coaching.refs import ref_of
from bot.coaching.roles import Command
from bot.facts import ClientView, Facts
from bot.messages import Reading
from bot.phrases import Phrase, phrase
from bot.replies import Reply

# What a coach says of a client by name and what is of no use before it is known who that is.
_LATER = frozenset(
    {"session", "note", "brief", "pictures", "goals", "ladder", "agreement", "review", "adjust", "report", "sponsor"}
    | {"phase", "close"}
)


def yes_or_no(view: ClientView) -> tuple[tuple[str, Phrase], ...]:
    """The buttons that say whether it is them."""
    ref = ref_of(view.engagement.id)
    return ((f"/confirm {ref}", phrase("button_yes")), (f"/confirm {ref} no", phrase("button_no")))


def confirmed_first(commands: Mapping[str, Command]) -> Mapping[str, Command]:
    """The commands, where those on a client ask who that is as long as nobody has said it."""
    return {verb: _asked_first(command) if verb in _LATER else command for verb, command in commands.items()}


def _asked_first(command: Command) -> Command:
    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        view = meant(reading.rest, facts.practice).view if facts.practice else None
        if view is None or not is_unconfirmed(view):
            return command(reading, facts, now)
        return Reply(says=(phrase("unconfirmed", client=name_of(view)),), buttons=yes_or_no(view))

    return run
