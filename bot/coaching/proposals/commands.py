"""`propose`: a coach proposes a commitment; `proposal`: the client's answer by its buttons. Pure."""

from datetime import date, datetime, timedelta

from bot.coaching.proposals.lines import ANSWERS, CHANGE, LEAVE, worded
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.validators import LINE, not_past
from bot.coaching.visibility.table import is_active, shows_activity
from bot.engine.answers import habit_value, unkept_rule
from bot.messages.readings import DateKind, Deed, Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Note
from bot.model.records_sessions import NoteKept, NoteSettled
from bot.model.replies import Given, Notification, Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import Content, Dates, a_client_and_more, alone

KIND = "proposal"  # of the note that keeps it
LAPSES = timedelta(days=28)  # what nobody answered by then has had its time


def propose(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """The client is asked; nothing is a commitment before their yes."""
    client = view.name
    if not is_active(view.engagement):
        return Reply(says=(phrase("not_running", client=client),))
    if view.stopped:
        return Reply(says=(phrase("propose_stopped", client=client),))
    deeds = [deed for deed in reading.deeds if deed.text] if reading.rest else []
    if not deeds:
        return Reply(says=(phrase("propose_how", client=client),))
    if any(len(deed.text) > LINE for deed in deeds):
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    wrong = unkept_rule(deeds)
    if wrong is not None:
        return Reply(says=(wrong,))
    kept = tuple(_kept(number, deed, view.engagement, facts) for number, deed in enumerate(deeds, 1))
    lines = [_said(each) for each in kept]
    return Reply(says=(phrase("in_lines", lines=[phrase("proposed", client=client), *lines]),), records=kept)


def _kept(number: int, deed: Deed, engagement: Engagement, facts: Facts) -> NoteKept:
    day = deed.day.day if deed.day.kind is DateKind.FUTURE else None
    if day is not None and not_past(day.isoformat(), Given(facts=facts)) is not None:
        day = None
    said = deed.said or deed.text
    text = said[:1].upper() + said[1:]
    return NoteKept(key=f"{KIND}{number}", engagement=engagement.id, kind=KIND, text=text, due=day, habit=deed.habit)


def _said(kept: NoteKept) -> Phrase:
    return phrase("proposal_by" if kept.due else "proposal_undated", what=kept.text, day=kept.due)


# -- the client's answer ---------------------------------------------------------------------------------------------


def proposal(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Taken, it goes on as any commitment; changed, it is asked for in the client's words; left, nothing is kept."""
    wanted, _, answer = reading.rest.partition(" ")
    mine = {own.id: own for own in facts.engagements if own.client == facts.person.id}
    known = {n.id: own for own in mine.values() for n in facts.plan_of(own.id).notes if n.kind == KIND}
    own = known.get(wanted)
    if own is None or answer not in ANSWERS:
        return Reply(says=(phrase("proposal_unknown"),))
    found = next(note for note in facts.plan_of(own.id).notes if note.id == wanted)
    if found.done or not is_active(own) or facts.today - found.day > LAPSES:
        return Reply(says=(phrase("proposal_answered" if found.done else "proposal_over"),))
    return _answered(found, answer, own, facts)


def _answered(found: Note, answer: str, own: Engagement, facts: Facts) -> Reply:
    settled = (NoteSettled(engagement=own.id, note=found.id, reply=answer),)
    told = phrase(f"proposal_told_{answer}", client=own.client_name, proposal=worded(found))
    tells = (Notification(person=own.coach, phrase=told),) if shows_activity(own) else ()
    if answer == LEAVE:
        return Reply(says=(_left(own, told=bool(tells)),), records=settled, tells=tells)
    if answer == CHANGE:
        says = (phrase("proposal_change", proposal=worded(found)),)
        return Reply(says=says, records=settled, opens=Opening(dialogue="commitment", engagement=own.id), tells=tells)
    return Reply(records=settled, opens=_taken(found, own, facts.today), tells=tells)


def _taken(found: Note, own: Engagement, today: date) -> Opening:
    if found.habit is not None:
        known = {"what": (habit_value(found.habit), found.text)}
        return Opening(dialogue="habit", known=known, engagement=own.id)
    return Opening(dialogue="commitment", known=_known(found, today), engagement=own.id)


def _left(own: Engagement, *, told: bool) -> Phrase:
    return phrase("proposal_left_told", coach=own.coach_name) if told else phrase("proposal_left")


def _known(found: Note, today: date) -> dict[str, object]:
    known: dict[str, object] = {"what": (found.text, found.text)}
    if found.due is not None and found.due >= today:
        known["due"] = (found.due.isoformat(), found.due)
    return known


COMMANDS: tuple[Command, ...] = (
    Command(
        verb="propose",
        who=Who.COACH,
        about=propose,
        more=True,
        in_free_text=a_client_and_more,
        dates=Dates.BEHIND_NAME,
        content=Content.COMMITMENT,
    ),
    Command(verb="proposal", who=Who.CLIENT, run=proposal, shape=alone, shown=Shown.NEVER),
)
