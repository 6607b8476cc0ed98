"""`note`: a coach's notes on a client, promises and words to them; `word`: the client's answer to one. Pure."""

from datetime import datetime

from bot.coaching.practice.call import call_elsewhere
from bot.coaching.sessions.lines import WORD_REPLIES
from bot.coaching.shared.find_client import ask_which, client_at_start, nobody_named
from bot.coaching.shared.validators import LINE
from bot.coaching.visibility.covered import everyone
from bot.coaching.visibility.table import is_active
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Note, Plan
from bot.model.records import CallWanted
from bot.model.records_sessions import NoteKept, NoteSettled
from bot.model.replies import Notification, Opening, Reply
from bot.rendering.shortening import shortened

KEPT = "done"  # behind the verb: a promise is kept
_LISTED = 10
_SHOWN = 200  # characters of a note in a list

# -- notes -----------------------------------------------------------------------------------------------------------


def note_without_name(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """`note done ID` by its button: a promise of the coach is kept; else it is asked whom a note is on."""
    words = reading.rest.split()
    if not words:
        return ask_which("note", nobody_named(facts.practice), facts, phrase("help_note"))
    wanted = words[1] if len(words) == 2 else ""
    found = next((n for plan in _coached(facts) for n in plan.notes if n.id == wanted and n.kind == "promise"), None)
    if found is None:
        return ask_which("note", client_at_start(reading.rest, everyone(facts)), facts, phrase("help_note"))
    settled = NoteSettled(engagement=found.engagement, note=found.id)
    return Reply(says=(phrase("promise_done", text=shortened(found.text, _SHOWN)),), records=(settled,))


def note_on(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """`note NAME` lists, with words it keeps one, with "promise" one that the client reads, with "--share" a word."""
    if not is_active(view.engagement):
        return Reply(says=(phrase("note_not_yet", client=view.engagement.client_name),))
    return _kept(reading, reading.rest, view) if reading.rest else _list(view, facts)


def _kept(reading: Reading, said: str, view: ClientView) -> Reply:
    first, _, rest = said.partition(" ")
    first, words, client = reading.means(first), rest.strip(), view.engagement.client_name
    if first == "share":
        known: dict[str, object] = {"observation": (words, words)} if words else {}
        return Reply(opens=Opening(dialogue="word-from-coach", engagement=view.engagement.id, known=known))
    promised = first == "promise" and bool(words)
    text = words if promised else said
    if len(text) > LINE:
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    kind = "promise" if promised else "note"
    kept = NoteKept(key="note", engagement=view.engagement.id, kind=kind, text=text)
    reply = phrase("promise_kept" if promised else "note_kept", client=client)
    return Reply(says=(reply,), records=(kept,))


def _list(view: ClientView, facts: Facts) -> Reply:
    """The notes on a client, the newest first; open promises with a button each."""
    found = [each for each in facts.plan_of(view.engagement.id).notes if not (each.kind == "question" and each.done)]
    name = view.engagement.client_name
    if not found:
        return Reply(says=(phrase("notes_none", client=name),))
    lines = [_note_line(each) for each in reversed(found)][:_LISTED]
    waiting = [each for each in found if each.kind == "promise" and not each.done]
    done = tuple(
        (f"/note done {each.id}", phrase("button_promise_kept", text=shortened(each.text, 24))) for each in waiting[:3]
    )
    return Reply(says=(phrase("in_lines", lines=[phrase("notes_heading", client=name), *lines]),), buttons=done)


def _note_line(each: Note) -> Phrase:
    kind = f"{each.kind}_done" if each.done and each.kind == "promise" else each.kind
    text = shortened(" ".join(each.text.split()), _SHOWN)
    said = phrase("note_line", day=each.day, kind=phrase(f"note_kind_{kind}"), text=text)
    return phrase("note_said", line=said, reply=phrase(f"word_{each.reply}")) if each.reply else said


def _coached(facts: Facts) -> list[Plan]:
    return [facts.plan_of(own.id) for own in facts.engagements if own.coach == facts.person.id]


# -- a word, answered ------------------------------------------------------------------------------------------------


def word(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client's answer to a word of their coach; "Let us talk" asks for a call."""
    words = reading.rest.split()
    mine = [own for own in facts.engagements if own.client == facts.person.id]
    known = {n.id: own for own in mine for n in facts.plan_of(own.id).notes if n.kind == "word"}
    own = known.get(words[0]) if words else None
    if own is None or len(words) < 2 or words[1] not in WORD_REPLIES:
        return Reply(says=(phrase("word_unknown"),))
    reply = words[1]
    told = phrase(f"word_answer_{reply}", client=own.client_name)
    talk = (CallWanted(engagement=own.id),) if reply == "talk" and is_active(own) else ()
    away, tells = call_elsewhere(facts, own) if talk else ((), ())
    return Reply(
        says=(phrase(f"word_thanks_{reply}", coach=own.coach_name), *away),
        records=(NoteSettled(engagement=own.id, note=words[0], reply=reply), *talk),
        tells=(Notification(person=own.coach, phrase=told), *tells),
    )
