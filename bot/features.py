"""The one list of features and of their effects, joined into what the engine, the parser and the menus are handed.

A name that two register is refused: for commands a verb and its role, for effects a kind of record. Follow-ups, `also`
and the hooks of runs are lists in the order of the features, not names.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.coaching.assessment.feature import FEATURE as ASSESSMENT
from bot.coaching.chats.effects import EFFECTS as CHATS_EFFECTS
from bot.coaching.chats.feature import FEATURE as CHATS
from bot.coaching.closing.effects import EFFECTS as CLOSING_EFFECTS
from bot.coaching.closing.feature import FEATURE as CLOSING
from bot.coaching.commitments.effects import EFFECTS as COMMITMENTS_EFFECTS
from bot.coaching.commitments.fallback import one_more
from bot.coaching.commitments.feature import FEATURE as COMMITMENTS
from bot.coaching.digest.effects import EFFECTS as DIGEST_EFFECTS
from bot.coaching.digest.feature import FEATURE as DIGEST
from bot.coaching.follow_up.effects import EFFECTS as FOLLOW_UP_EFFECTS
from bot.coaching.follow_up.feature import FEATURE as FOLLOW_UP
from bot.coaching.follow_up.promise_effects import EFFECTS as PROMISE_EFFECTS
from bot.coaching.habits.effects import EFFECTS as HABITS_EFFECTS
from bot.coaching.habits.feature import FEATURE as HABITS
from bot.coaching.kept.effects import EFFECTS as KEPT_EFFECTS
from bot.coaching.own_data.effects import EFFECTS as OWN_DATA_EFFECTS
from bot.coaching.own_data.feature import FEATURE as OWN_DATA
from bot.coaching.pictures.feature import FEATURE as PICTURES
from bot.coaching.planning.effects import EFFECTS as PLANNING_EFFECTS
from bot.coaching.planning.feature import FEATURE as PLANNING
from bot.coaching.practice.away_effects import EFFECTS as AWAY_EFFECTS
from bot.coaching.practice.cover_effects import EFFECTS as COVER_EFFECTS
from bot.coaching.practice.effects import EFFECTS as PRACTICE_EFFECTS
from bot.coaching.practice.feature import FEATURE as PRACTICE
from bot.coaching.programme.effects import EFFECTS as PROGRAMME_EFFECTS
from bot.coaching.programme.feature import FEATURE as PROGRAMME
from bot.coaching.proposals.feature import FEATURE as PROPOSALS
from bot.coaching.relationship.effects import EFFECTS as RELATIONSHIP_EFFECTS
from bot.coaching.relationship.feature import FEATURE as RELATIONSHIP
from bot.coaching.reviews.effects import EFFECTS as REVIEWS_EFFECTS
from bot.coaching.reviews.feature import FEATURE as REVIEWS
from bot.coaching.reviews.plan_reviews_effects import EFFECTS as NEXT_REVIEW
from bot.coaching.rhythm.effects import EFFECTS as RHYTHM_EFFECTS
from bot.coaching.rhythm.feature import FEATURE as RHYTHM
from bot.coaching.safety.effects import EFFECTS as SAFETY_EFFECTS
from bot.coaching.safety.feature import FEATURE as SAFETY
from bot.coaching.sessions.brief_effects import EFFECTS as BRIEF_EFFECTS
from bot.coaching.sessions.effects import EFFECTS as SESSION_EFFECTS
from bot.coaching.sessions.feature import FEATURE as SESSIONS
from bot.coaching.sessions.note_effects import EFFECTS as NOTE_EFFECTS
from bot.coaching.settings.effects import EFFECTS as SETTINGS_EFFECTS
from bot.coaching.settings.feature import FEATURE as SETTINGS
from bot.coaching.shared.asking import answering
from bot.coaching.shared.cards import Command, Fallback, Feature, Run, Shown
from bot.coaching.shared.feature import FEATURE as SHARED
from bot.coaching.shared.help import explained, helping
from bot.coaching.sponsor.effects import EFFECTS as SPONSOR_EFFECTS
from bot.coaching.sponsor.feature import FEATURE as SPONSOR
from bot.coaching.undo.feature import FEATURE as UNDO
from bot.coaching.visibility.effects import EFFECTS as VISIBILITY_EFFECTS
from bot.coaching.visibility.feature import FEATURE as VISIBILITY
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import NO_NEEDS, Need
from bot.model.phrases import Phrase
from bot.model.replies import Given, Reply
from bot.model.roles import Who
from bot.transaction.card import Effects
from bot.understanding.commands import Commands, Spoken, a_verb, code, one_word

K = TypeVar("K")
V = TypeVar("V")

# In this order help lists their commands.
FEATURES: tuple[Feature, ...] = (
    SAFETY,
    COMMITMENTS,
    HABITS,
    UNDO,
    DIGEST,
    SESSIONS,
    PROPOSALS,
    PRACTICE,
    CHATS,
    RELATIONSHIP,
    PLANNING,
    SPONSOR,
    PROGRAMME,
    RHYTHM,
    ASSESSMENT,
    VISIBILITY,
    PICTURES,
    SETTINGS,
    OWN_DATA,
    SHARED,
    REVIEWS,
    CLOSING,
    FOLLOW_UP,
)
EFFECTS: tuple[Effects, ...] = (
    COMMITMENTS_EFFECTS,
    HABITS_EFFECTS,
    SETTINGS_EFFECTS,
    PROGRAMME_EFFECTS,
    RHYTHM_EFFECTS,
    KEPT_EFFECTS,
    RELATIONSHIP_EFFECTS,
    PLANNING_EFFECTS,
    SPONSOR_EFFECTS,
    PRACTICE_EFFECTS,
    AWAY_EFFECTS,
    COVER_EFFECTS,
    CHATS_EFFECTS,
    SESSION_EFFECTS,
    NOTE_EFFECTS,
    BRIEF_EFFECTS,
    NEXT_REVIEW,
    REVIEWS_EFFECTS,
    CLOSING_EFFECTS,
    FOLLOW_UP_EFFECTS,
    PROMISE_EFFECTS,
    VISIBILITY_EFFECTS,
    SAFETY_EFFECTS,
    DIGEST_EFFECTS,
    OWN_DATA_EFFECTS,
)
# In this order features are asked about a text that nothing waits for: danger first, what this is at the end.
FALLBACK_ORDER = ("safety", "relationship", "habits", "commitments", "rhythm", "shared")


class RegisteredTwiceError(ValueError):
    """Two features register the same name; says which two."""


def joined(what: str, parts: Iterable[tuple[str, Mapping[K, V]]]) -> dict[K, V]:
    """All parts as one; raises RegisteredTwiceError for a name that stands in two."""
    found: dict[K, V] = {}
    owner: dict[K, str] = {}
    for name, part in parts:
        for key, value in part.items():
            if key in found:
                raise RegisteredTwiceError(f"{what} '{key}': in '{owner[key]}' and in '{name}'")
            found[key], owner[key] = value, name
    return found


def registered(what: str, features: Iterable[Feature] = FEATURES) -> dict[str, Any]:
    """One kind of what dialogues may name ("predicates", "lists", ...), of all features."""
    return joined(what, ((feature.name, getattr(feature, what)) for feature in features))


def cards(features: Iterable[Feature] = FEATURES) -> Mapping[str, Mapping[Who, Command]]:
    """The commands by verb and role."""
    by_role = ((feature.name, [((card.verb, card.who), card) for card in feature.commands]) for feature in features)
    one_each = joined("command", ((name, _refusing_doubles(name, pairs)) for name, pairs in by_role))
    found: dict[str, dict[Who, Command]] = defaultdict(dict)
    for (verb, who), card in one_each.items():
        found[verb][who] = card
    return dict(found)


def _refusing_doubles(name: str, pairs: Sequence[tuple[tuple[str, Who], Command]]) -> dict[tuple[str, Who], Command]:
    return joined("command", ((name, {key: card}) for key, card in pairs))


def listed_for(who: Who, features: Iterable[Feature] = FEATURES) -> tuple[Command, ...]:
    """What a role is shown, those that matter first at the top."""
    mine = [card for f in features for card in f.commands if card.who in (who, Who.EITHER)]
    return tuple(card for shown in (Shown.FIRST, Shown.LATER) for card in mine if card.shown is shown)


# -- commands --------------------------------------------------------------------------------------------------------


def _help(reading: Reading, facts: Facts, now: datetime) -> Reply:
    return helping(LISTED, IN_BOTH)(reading, facts, now)


HELP = Feature(
    name="help",
    commands=(
        Command(verb="help", who=Who.CLIENT, run=_help, shape=a_verb, shown=Shown.FIRST),
        Command(verb="help", who=Who.COACH, run=_help, shape=a_verb),
    ),
)
WITH_HELP = (*FEATURES, HELP)
CARDS = cards(WITH_HELP)
# The verbs that mean another thing to a coach than to a client.
IN_BOTH = frozenset(verb for verb, by_role in CARDS.items() if {Who.CLIENT, Who.COACH} <= by_role.keys()) - {"help"}
LISTED = {who: listed_for(who, WITH_HELP) for who in (Who.CLIENT, Who.COACH)}
COMMANDS: Mapping[str, Run] = {verb: answering(by_role) for verb, by_role in CARDS.items()}
# What is redeemed before anybody is known, and so before any command is looked up.
_JOIN = {"join": {Who.EITHER: Spoken(shape=one_word, in_free_text=code)}}
SPOKEN: Commands = {
    **{
        verb: {
            who: Spoken(shape=c.shape, in_free_text=c.in_free_text, dates=c.dates, content=c.content)
            for who, c in by_role.items()
        }
        for verb, by_role in CARDS.items()
    },
    **_JOIN,
}


# Every command that help shows, with the key of the line that explains it.
EXPLAINED = tuple(
    (card.verb, explained(card.verb, who, IN_BOTH).key) for who, listed in LISTED.items() for card in listed
)


def needs_of(verb: str) -> frozenset[Need]:
    """What has to be loaded for a command, whoever says it; nothing for a word that is none."""
    return NO_NEEDS.union(*(card.all_needs for card in CARDS.get(verb, {}).values()))


def menu(who: Who) -> dict[str, Phrase]:
    """The verbs that a role is shown, in order, each with its explanation."""
    return {card.verb: explained(card.verb, who, IN_BOTH) for card in LISTED[who]}


# -- dialogues -------------------------------------------------------------------------------------------------------

PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = registered("placeholders")
STANDS = registered("stands")


def fallbacks_of(features: Iterable[Feature], order: Sequence[str] = FALLBACK_ORDER) -> tuple[Fallback, ...]:
    """All fallbacks in the order of their features' names; raises KeyError for a feature that has no place in it."""
    place = {name: number for number, name in enumerate(order)}
    asked = sorted((feature for feature in features if feature.fallbacks), key=lambda feature: place[feature.name])
    return tuple(fallback for feature in asked for fallback in feature.fallbacks)


FALLBACKS = fallbacks_of(FEATURES)


class Placeholders(MutableMapping[str, Any]):
    """What fills the gaps at one place of a dialogue, worked out when a text asks for it."""

    def __init__(self, given: Given) -> None:
        self._given = given

    def __getitem__(self, name: str) -> Any:
        return PLACEHOLDERS[name](self._given)

    def __setitem__(self, name: str, value: Any) -> None:
        raise TypeError("placeholders are read only")

    def __delitem__(self, name: str) -> None:
        raise TypeError("placeholders are read only")

    def __iter__(self) -> Iterator[str]:
        return iter(PLACEHOLDERS)

    def __len__(self) -> int:
        return len(PLACEHOLDERS)


def beside(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """What is made of a sentence where a number is asked for; None where it is no answer and nothing else."""
    return one_more(reading, facts)


def fallback(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What a text is answered with that nothing waits for: by the first feature that takes it."""
    replies = (take(reading, facts, now) for take in FALLBACKS)
    return next((reply for reply in replies if reply is not None), Reply())


def stands(name: str, given: Given) -> bool:
    """Whether the item that a loop is at is still to be gone over; `name` is that of its list."""
    return name not in STANDS or bool(STANDS[name](given))


def follow_ups(dialogue: str, given: Given) -> Reply | None:
    """What a finished dialogue leads to: the first reply that a feature gives."""
    asked = (feature.follow_ups[dialogue] for feature in FEATURES if dialogue in feature.follow_ups)
    return next((reply for follow in asked if (reply := follow(given)) is not None), None)


# -- effects ---------------------------------------------------------------------------------------------------------

ONCE = joined("record", ((effects.name, effects.once) for effects in EFFECTS))
DEEDS = joined("deed", ((effects.name, effects.deeds) for effects in EFFECTS))
COMPOSES = joined("origin", ((effects.name, effects.composes) for effects in EFFECTS))
LADDERS = joined("ladder", ((effects.name, effects.ladders) for effects in EFFECTS))
