"""What is chosen anew: pure functions from answers to records, named in the YAML."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.coaching.settings.predicates import all_at_once
from bot.coaching.settings.rhythm_rounds import chosen
from bot.coaching.shared.outcomes import DAILY_FOR, chats_refused, preferences_given
from bot.model.people.preferences import Pace
from bot.model.records import Consented, PreferencesChanged, Record, Restored, RetentionChosen
from bot.model.replies import Given


def settings(given: Given) -> tuple[Record, ...]:
    """Changed wishes; what the coach sees is a consent of its own."""
    records: list[Record] = []
    sees, engagement, in_form = given.get("sees"), given.facts.engagement, all_at_once(given)
    if sees is not None and not (in_form and engagement is not None and engagement.visible == sees):
        records.append(Consented(kind="coach_sees", choice=sees, asked_in="settings"))
    if given.get("withdraw") is not None:
        records.append(Consented(kind=given.get("withdraw"), choice="no"))
    if given.get("keep") is not None:
        records.append(RetentionChosen(days=int(given.get("keep"))))
    records += chats_refused(given)
    wished = _new_only(given, preferences_given(given)) if in_form else preferences_given(given)
    if wished != PreferencesChanged():
        records.append(wished)
    return (*records, Restored()) if wished.pace is not None else tuple(records)


def _new_only(given: Given, wished: PreferencesChanged) -> PreferencesChanged:
    """The wishes of a form without what stood there already."""
    now = given.facts.wishes
    same_pace = wished.pace == now.pace
    return replace(
        wished,
        zone=None if wished.zone == given.facts.person.home else wished.zone,
        pace=None if same_pace else wished.pace,
        daily_until=None if same_pace else wished.daily_until,
        weekday=None if wished.weekday == now.weekday else wished.weekday,
        at=None if wished.at == now.at else wished.at,
    )


def pace(given: Given) -> tuple[Record, ...]:
    """How often, chosen anew; without an answer daily check-ins end and weekly ones follow."""
    wished = Pace(given.get("pace") or Pace.WEEKLY)
    until = given.facts.today + DAILY_FOR if wished is Pace.DAILY else None
    return (PreferencesChanged(pace=wished, daily_until=until),)


def rhythm_wished(given: Given) -> PreferencesChanged:
    """The rhythm that was said back last."""
    found = chosen(given)
    return PreferencesChanged(
        zone=found.zone,
        working_days=found.days,
        weekday=found.weekday,
        at=found.at,
        pace=found.pace,
        daily_until=given.facts.today + DAILY_FOR if found.pace is Pace.DAILY else None,
    )


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {"settings": settings, "pace": pace}
