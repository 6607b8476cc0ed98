"""Plain facts for tests of commands, signals and digests: Carla coaches Ana. Today is Wednesday 4 March 2026."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.coaching.visibility.table import client_view
from bot.features import COMMANDS, SPOKEN
from bot.messages.readings import Reading
from bot.model.commitments.values import Commitment
from bot.model.facts import NOBODY, Facts, Person
from bot.model.occurrences import Answered, Asked
from bot.model.people.answers import Audience, Rating, Remark
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Engagement
from bot.model.people.preferences import Preferences
from bot.model.phrases import Late, Phrase
from bot.model.replies import Reply
from bot.rendering.wording import load_wording
from bot.understanding.dates.read import read_date
from bot.understanding.promises import deeds_of, parted
from bot.understanding.reading import read_call
from bot.understanding.vocabulary import vocabulary_of

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
CODE, NEXT = "a1b2c3", "Fri 6 Mar 09:00"  # what is known once the records are written
LATE = {Late("code"): CODE, Late("next_prompt"): NEXT}
WORDING = load_wording()["en"].localised("en-GB").on(TODAY).knowing(LATE)
ANA = Person(id="ana", name="Ana", zone=BERLIN, home=BERLIN, locale="en-GB")
CARLA = Person(id="carla", name="Carla", zone=BERLIN, home=BERLIN, locale="en-GB", coach=True)
VERBS = COMMANDS


def engagement(**changes: Any) -> Engagement:
    """Carla and Ana, who agreed to everything."""
    values: dict[str, Any] = {
        "id": "e1",
        "coach": "carla",
        "coach_name": "Carla",
        "client": "ana",
        "client_name": "Ana M.",
        "visible": "described",
        "consents": frozenset({"programme"}),
    }
    return Engagement(**{**values, **changes})


def commitment(number: int, text: str = "", **changes: Any) -> Commitment:
    """An open commitment made two weeks ago; its id is `c` and its number."""
    values: dict[str, Any] = {"engagement": "e1", "made": TODAY - timedelta(days=14)}
    return Commitment(id=f"c{number}", number=number, text=text or f"Promise {number}", **{**values, **changes})


def ratings(kind: str, *numbers: tuple[int, int], about: str = "") -> tuple[Rating, ...]:
    """Numbers given so many days ago: (value, days ago)."""
    return tuple(Rating(kind=kind, value=value, day=days_ago(ago), about=about) for value, ago in numbers)


def asked(ago: int, how: str = "not", *, slot: str = "weekly-checkin", waits: bool = False) -> Asked:
    """A prompt of that many days ago, at nine: answered, partly, or not."""
    at = NOW - timedelta(days=ago)
    return Asked(day=days_ago(ago), at=at, slot=slot, answered=Answered(how), open=waits)


def remark(text: str, **changes: Any) -> Remark:
    """A remark of today, meant for the coach."""
    values: dict[str, Any] = {"kind": "win", "day": TODAY, "audience": Audience.COACH}
    return Remark(text=text, **{**values, **changes})


def days_ago(days: int) -> date:
    """That many days before today."""
    return TODAY - timedelta(days=days)


def facts(*commitments: Commitment, **changes: Any) -> Facts:
    """Ana's facts."""
    values: dict[str, Any] = {"person": ANA, "engagements": (engagement(),), "commitments": commitments}
    return Facts(today=TODAY, now=NOW, **{**values, **changes})


def coach_facts(*practice: ClientView, **changes: Any) -> Facts:
    """Carla's facts."""
    own = tuple(view.engagement for view in practice)
    return Facts(today=TODAY, now=NOW, **{"person": CARLA, "practice": practice, "engagements": own, **changes})


def view(name: str = "Ana M.", *commitments: Commitment, **changes: Any) -> ClientView:
    """A client as Carla sees them; `unanswered` and `pace` may be given for `wishes`, `visible` for the consent."""
    wishes = Preferences(**{key: changes.pop(key) for key in ("unanswered", "pace", "stopped") if key in changes})
    agreed = {key: changes.pop(key) for key in ("visible", "state", "confirmed") if key in changes}
    of = engagement(id=f"e:{name}", client=f"p:{name}", client_name=name, **agreed)
    owned = [commitment(c.number, c.text, **_rest(c, of.id)) for c in commitments]
    return client_view(of, today=TODAY, commitments=owned, **{"wishes": wishes, **changes})


def _rest(found: Commitment, of: str) -> dict[str, Any]:
    names = [name for name in Commitment.__slots__ if name not in ("id", "number", "text", "engagement")]
    return {**{name: getattr(found, name) for name in names}, "engagement": of}


def reading(text: str, *, report: str = "", about: str = "", verb: str = "") -> Reading:
    """A text as it is understood; its date is read as it really is."""
    found = read_date(text, now=NOW, zone=BERLIN, locale="en-GB")
    understood = (
        read_call(verb, text, waiting=None, facts=NOBODY, wording=WORDING, spoken=SPOKEN)
        if verb
        else Reading(text=text)
    )
    vocabulary, parts = vocabulary_of(WORDING), parted(text, vocabulary_of(WORDING))
    days = [read_date(part, now=NOW, zone=BERLIN, locale="en-GB") for part in parts] if text else []
    deeds = deeds_of(parts if text else (), days, vocabulary)
    said = {"text": text, "control": "", "verb": verb, "rest": text if verb else ""}
    return replace(understood, **said, dates=(found,), deeds=deeds, report=report, commitment=about)


def say(line: str, known: Facts, *, report: str = "", about: str = "") -> Reply:
    """What a command is answered with: the first word is the verb."""
    verb, _, rest = line.partition(" ")
    return VERBS[verb](reading(rest, report=report, about=about, verb=verb), known, NOW)


def heard(reply: Reply) -> str:
    """What the person reads."""
    return spoken(reply.says)


def spoken(phrases: Iterable[Phrase]) -> str:
    """Phrases as they are read, one a line."""
    return "\n".join(WORDING.render(phrase) for phrase in phrases)
