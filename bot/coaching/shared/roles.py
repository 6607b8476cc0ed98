"""Who may say what: commands look at the role of whoever asks, and `help` shows that person's own."""

from collections.abc import Callable
from datetime import datetime

from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Reply

Command = Callable[[Reading, Facts, datetime], Reply]


_COACHS_OWN = frozenset(
    {"session", "brief", "pictures", "goals", "agreement", "sponsor", "settings", "review", "adjust"}
)


def help_line(verb: str, *, coach: bool) -> Phrase:
    """What explains a command, to a coach or to a client."""
    return phrase(f"help_coach_{verb}") if coach and verb in _COACHS_OWN else phrase(f"help_{verb}")


def is_client(facts: Facts) -> bool:
    """The person is the client of some engagement, running or not."""
    return any(engagement.client == facts.person.id for engagement in facts.engagements)


def for_client(command: Command) -> Command:
    """The command, for clients only; others are told kindly."""

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        if is_client(facts):
            return command(reading, facts, now)
        return Reply(says=(phrase("for_clients" if facts.person.coach else "no_role"),))

    return run


def for_coach(command: Command) -> Command:
    """The command, for coaches only; others are told kindly."""

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        if facts.person.coach:
            return command(reading, facts, now)
        return Reply(says=(phrase("for_coaches" if is_client(facts) else "no_role"),))

    return run
