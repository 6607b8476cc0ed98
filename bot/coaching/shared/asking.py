"""One way for every command: whose card answers, which client is meant, and what is asked first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.coaching.shared.cards import Command, Run
from bot.coaching.shared.find_client import ask_which, client_at_start, client_named, nobody_named
from bot.coaching.shared.help import explained
from bot.coaching.shared.who_joined import who_is_it
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Reply
from bot.model.roles import Who


def answering(cards: Mapping[Who, Command]) -> Run:
    """The command of a verb: the card of whoever asks; others are told kindly whose it is."""
    in_both = frozenset(card.verb for card in cards.values() if {Who.CLIENT, Who.COACH} <= cards.keys())
    own, coachs, both = cards.get(Who.CLIENT), cards.get(Who.COACH), cards.get(Who.EITHER)

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        coach, client = facts.person.coach, facts.is_client
        mine, theirs = own if client else None, coachs if coach else None
        if mine is not None and theirs is not None:
            card: Command | None = mine if _is_own(mine, theirs, reading) else theirs
        else:
            card = mine or theirs or both
        if card is None:
            return Reply(says=(_not_yours(coach=coach, client=client),))
        return _answer(card, reading, facts, now, how=explained(card.verb, Who.COACH, in_both))

    return run


def _is_own(own: Command, coachs: Command, reading: Reading) -> bool:
    """Somebody who is both speaks as a client without a name, and with words that only a client's command has."""
    first = _first(reading)
    return not first or (first in own.own_words and first not in coachs.own_words)


def _not_yours(*, coach: bool, client: bool) -> Phrase:
    return phrase("for_clients" if coach else "for_coaches" if client else "no_role")


def _first(reading: Reading) -> str:
    return reading.means((reading.rest.split() or [""])[0])


def _answer(card: Command, reading: Reading, facts: Facts, now: datetime, *, how: Phrase) -> Reply:
    first = _first(reading)
    if card.run is not None and (card.about is None or not first or first in card.own_words):
        return card.run(reading, facts, now)
    if card.about is None:
        raise TypeError(f"the command '{card.verb}' does nothing")  # the card itself refuses this
    everyone = (*facts.practice, *facts.covered)
    if not first:
        return ask_which(card.verb, nobody_named(everyone if card.when_covering else facts.practice), facts, how)
    found = client_at_start(reading.rest, everyone) if card.more else client_named(reading.rest, everyone)
    view = found.view
    if view is None:
        return ask_which(card.verb, found, facts, how)
    if view.covered and not card.when_covering:
        return Reply(says=(phrase("covered_only_read", client=view.name, coach=view.engagement.coach_name),))
    if view.unconfirmed and not view.covered and not card.when_unconfirmed:
        return who_is_it(view)
    return card.about(replace(reading, rest=found.rest, marked=found.marked), view, facts, now)
