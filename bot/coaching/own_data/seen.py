"""`whatmycoachsees`: everything that the coach can look up of a client, for the client to read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.coaching.digest.client_lines import client_lines
from bot.coaching.digest.digest import weekly_digest
from bot.coaching.planning.lines import goal_lines
from bot.coaching.relationship.lines import agreement_lines
from bot.coaching.sessions.brief import brief_lines
from bot.coaching.visibility.table import cover_of, own_engagement, own_view, shows_goals
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan
from bot.model.replies import Reply

# Lines that speak to the coach; the client reads `seen_` and the same key.
TO_THE_COACH = ("roster_unconfirmed", "roster_unseen", "roster_given_up", "given_up", "digest_waiting")


def what_my_coach_sees(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What `client`, `digest`, `brief`, `goals` and the agreement show the coach; what stands there already, once."""
    engagement = own_engagement(facts)
    if engagement is None:
        return Reply(says=(phrase("no_role"),))
    names = {"coach": engagement.coach_name}
    lines = seen_lines(own_view(facts, engagement), facts.plan_of(engagement.id), facts)
    cover = cover_of(engagement, facts.today)
    too = () if cover is None else (phrase("cover_sees_this", **names, cover=cover.name, day=cover.last),)
    return Reply(says=(phrase("coach_sees_this", **names), phrase("in_lines", lines=lines), *too))


def _to_client(line: Phrase, coach: str) -> Phrase:
    """What is addressed to the coach, in words for the client; all else as it stands."""
    params = {name: _inside(value, coach) for name, value in line.params.items()}
    if line.key in TO_THE_COACH:
        return phrase(f"seen_{line.key}", coach=coach, **params)
    return phrase(line.key, **params)


def _inside(value: Any, coach: str) -> Any:
    if isinstance(value, Phrase):
        return _to_client(value, coach)
    return [_inside(each, coach) for each in value] if isinstance(value, list) else value


def _told_weekly(view: ClientView, facts: Facts) -> Iterable[Phrase]:
    """What the digest says of this client; its heading and its hints speak of nobody."""
    lines = weekly_digest((view,), facts.today, now=facts.now, zone=view.engagement.coach_zone).lines[1:]
    return (line for line in lines if not line.key.startswith(("digest_hint", "digest_fold")))


def seen_lines(view: ClientView, plan: Plan, facts: Facts) -> list[Phrase]:
    """The pages below each other, each under its name, without a line that was said before."""
    goals = goal_lines(view.plan, facts.today) if shows_goals(view.engagement) else ()
    pages: tuple[tuple[str, Iterable[Phrase]], ...] = (
        ("", client_lines(view, facts.today)),
        ("seen_digest", _told_weekly(view, facts)),
        ("seen_brief", brief_lines(view, facts.today, facts.now, notes=plan.notes)),
        ("seen_goals", goals),
        ("seen_agreement", agreement_lines(plan.agreement) if plan.agreement is not None else ()),
    )
    found: list[Phrase] = []
    for heading, lines in pages:
        told = (_to_client(line, view.engagement.coach_name) for line in lines)
        new = [line for line in told if line not in found]
        found += [phrase(heading), *new] if heading and new else new
    return found
