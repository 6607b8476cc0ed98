"""`help`: what matters first in each role, one tap or `help all` for the rest, `help VERB` for one; from the cards."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coaching.shared.cards import Command, Run, Shown
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Reply
from bot.model.roles import Who

Listed = Mapping[Who, Sequence[Command]]
_EVERYTHING = "all"


def helping(listed: Listed, in_both: frozenset[str]) -> Run:
    """The command, over what each role is shown; `in_both` are the verbs that mean another thing in each role."""

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        coach, client = facts.person.coach, facts.is_client
        if not (coach or client):
            return Reply(says=(phrase("no_role"),))
        asked = reading.means(reading.rest)
        for who, has in ((Who.COACH, coach), (Who.CLIENT, client)):
            if has and asked in {card.verb for card in listed[who]}:
                return Reply(says=(explained(asked, who, in_both),))
        every = asked == _EVERYTHING
        says: list[Phrase] = []
        if coach:
            says += _lines(_shown(listed[Who.COACH], every, without_help=client), Who.COACH, in_both, client)
        if client:
            says += _lines(_shown(listed[Who.CLIENT], every), Who.CLIENT, in_both, coach)
        says += [phrase("help_anytime" if every else "help_more")]
        return Reply(says=tuple(says), buttons=() if every else (("/help all", phrase("help_all")),))

    return run


def explained(verb: str, who: Who, in_both: frozenset[str]) -> Phrase:
    """What explains a command to whoever has that role."""
    return phrase(f"help_coach_{verb}") if who is Who.COACH and verb in in_both else phrase(f"help_{verb}")


def _shown(cards: Sequence[Command], every: bool, *, without_help: bool = False) -> list[str]:
    """The verbs of a list; `help` itself stands once where two lists follow each other."""
    verbs = [card.verb for card in cards if every or card.shown is Shown.FIRST]
    return [verb for verb in verbs if not (without_help and verb == "help")]


def _lines(verbs: Sequence[str], who: Who, in_both: frozenset[str], both: bool) -> list[Phrase]:
    heading = [phrase("help_as_coach" if who is Who.COACH else "help_as_client")] if both else []
    return [phrase("in_lines", lines=[*heading, *(explained(verb, who, in_both) for verb in verbs)])]
