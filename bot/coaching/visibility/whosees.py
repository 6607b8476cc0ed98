"""`whosees`: the client's own reading of the table by which everything that leaves is decided."""

from datetime import date

from bot.coaching.shared.lines import phrase_list
from bot.coaching.visibility.table import OWN, TABLE, Data, Once, Role, cover_of, is_related, may_read, rule_for
from bot.model.people.answers import Audience
from bot.model.people.engagements import Cover, Engagement
from bot.model.phrases import Phrase, phrase

_PRINTED = (
    Data.STATUS,
    Data.WORDS,
    Data.RATINGS,
    Data.PRIVATE,
    Data.ACTIVITY,
    Data.SIGNALS,
    Data.BRIEF,
    Data.INSTRUMENTS,
    Data.VALUES,
    Data.GOALS,
    Data.ROSTER,
    Data.COACH_NOTES,
)


def whosees_rows(engagement: Engagement, today: date | None = None) -> tuple[Phrase, ...]:
    """One phrase for each kind of data: who reads it under the consent given, and who would under which condition.

    `today` is the client's local day, on which somebody may cover for the coach.
    """
    cover = cover_of(engagement, today) if today is not None else None
    return tuple(
        phrase("whosees_row", what=phrase(f"data_{data}"), who=phrase_list(_readers(data, engagement, cover)))
        for data in _PRINTED
    )


def _readers(data: Data, engagement: Engagement, cover: Cover | None) -> list[Phrase]:
    found: list[Phrase] = []
    visible, audience = engagement.visible, Audience.COACH
    for role, own in ((Role.CLIENT, True), (Role.COACH, TABLE[data].get(Role.COACH) is OWN)):
        if may_read(role, data, own=own, active=is_related(engagement), visible=visible, audience=audience):
            found.append(phrase(f"who_{role}", coach=engagement.coach_name))
    if cover is not None and may_read(Role.COVER, data, active=True, visible=visible, audience=audience):
        found.append(phrase("who_cover", cover=cover.name, day=cover.last))
    for role in (Role.COACH, Role.SPONSOR):
        rule = rule_for(role, data)
        if rule.key and may_read(role, data, active=True, done=tuple(Once)):
            found.append(phrase(f"who_{role}_{rule.key}", coach=engagement.coach_name))
    rule = rule_for(Role.COVER, data)
    if cover is not None and rule.key:
        found.append(phrase(f"who_cover_{rule.key}", cover=cover.name, day=cover.last))
    return found
