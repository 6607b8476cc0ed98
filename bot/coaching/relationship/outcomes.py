"""What the dialogues of the beginning come to: consents, expectations, the agreement. Pure."""

from collections.abc import Callable, Mapping

from bot.coaching.relationship.rules import WHAT_COACH_SEES, agreement_at, has_agreed, has_declined, terms_given
from bot.coaching.settings.outcomes import rhythm_wished
from bot.coaching.settings.rhythm_rounds import has_changed
from bot.coaching.shared.outcomes import day_of, preferences_given
from bot.model.records import Consented, Record, Remarked, Stopped
from bot.model.records_plan import AgreementConfirmed, AgreementMade
from bot.model.replies import Given

_PICTURE = ("now", "worthwhile", "tried", "challenge", "works")


def welcome(given: Given) -> tuple[Record, ...]:
    """Consents and how the client wants to be asked; nothing is agreed to by silence, or before the last yes."""
    if has_declined(given):
        return (*_consents(given, programme="no", sees="declined"), *_stays_quiet(given))
    if "start" in given.values and given.get("start") != "start":
        return _stays_quiet(given)
    if not has_agreed(given):
        return ()
    wished = rhythm_wished(given) if has_changed(given) else preferences_given(given)
    return (*_consents(given, programme="yes", sees=given.get("sees")), wished)


def _consents(given: Given, *, programme: str, sees: str) -> tuple[Record, ...]:
    """What is said to one coach holds for that one."""
    return (
        Consented(kind="programme", choice=programme, engagement=given.engagement),
        Consented(kind="coach_sees", choice=sees, engagement=given.engagement),
    )


def _stays_quiet(given: Given) -> tuple[Record, ...]:
    """Who is asked already, for another coach, goes on being asked."""
    return () if given.facts.wishes.begun else (Stopped(),)


def what_coach_sees(given: Given) -> tuple[Record, ...]:
    """What was left open in the welcome, decided or left open still."""
    sees = given.get("sees")
    return () if sees is None else (Consented(kind="coach_sees", choice=sees, asked_in=WHAT_COACH_SEES),)


def first_picture(given: Given) -> tuple[Record, ...]:
    """Expectations, each under the question that it answers."""
    return tuple(
        Remarked(key=name, kind=f"expectation_{name}", text=given.words(name), audience=given.audience(name))
        for name in _PICTURE
        if given.get(name) is not None
    )


def agreement(given: Given) -> tuple[Record, ...]:
    """A version as its coach words it; without a yes it stays the coach's draft."""
    terms = terms_given(given)
    if not terms or not given.engagement:
        return ()
    made = AgreementMade(
        key="agreement",
        engagement=given.engagement,
        terms=terms,
        until=day_of(given.get("until")),
        ok=given.get("agree") == "yes",
    )
    return (made,)


def agreement_confirm(given: Given) -> tuple[Record, ...]:
    """The client's yes to this very version, or what should read otherwise."""
    found: list[Record] = []
    for item in given.lists.get("agreement_to_confirm", ()):
        at = given.inside("version", item)
        version = agreement_at(at)
        if at.get("agree") == "yes" and version is not None:
            found.append(AgreementConfirmed(agreement=version.id, by=given.side))
        if at.get("wish"):
            found.append(to_read_otherwise("agreement", item, at))
    return tuple(found)


def to_read_otherwise(kind: str, item: str, at: Given) -> Remarked:
    """What should read otherwise, for the other side; kept as the client's where a coach says it of theirs."""
    engagement = at.engagement_here
    return Remarked(
        key=f"{kind}:{item}",
        kind=f"{kind}_wish",
        text=at.get("wish"),
        audience=at.audience("wish"),
        person=engagement.client if engagement else "",
    )


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "welcome": welcome,
    "what_coach_sees": what_coach_sees,
    "first_picture": first_picture,
    "agreement": agreement,
    "agreement_confirm": agreement_confirm,
}
