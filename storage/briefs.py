"""The brief before a session, sent to the coach a day ahead; having it sent counts as having looked."""

from datetime import timedelta

from bot.coaching.brief import brief_lines
from bot.coaching.clock_time import local_day
from bot.messages import Message
from storage import addresses, agenda, audit, engagements
from storage.agenda import Entry
from storage.facts import practice
from storage.scene import Scene
from storage.telling import post, wording_for

AGAIN = timedelta(minutes=30)  # while no chat is open


def send(scene: Scene, entry: Entry) -> None:
    """Send the brief for the session that an entry of the agenda names; none for one that is off, or has begun."""
    views = practice(scene.connection, scene.known, scene.now)
    view = next((view for view in views if view.engagement.id == entry.engagement), None)
    session = next((s for s in view.aims.sessions if s.id in entry.items), None) if view is not None else None
    if view is None or session is None or session.state != "planned" or session.at <= scene.now:
        agenda.finish(scene.connection, entry.id, "dropped")
        return
    if addresses.reachable(scene.connection, scene.known.id) is None:
        agenda.put_off(scene.connection, entry.id, scene.now + AGAIN)
        return
    agenda.finish(scene.connection, entry.id, "done")
    wording = wording_for(scene, scene.known)
    lines = brief_lines(view, local_day(scene.now, view.zone), scene.now, notes=view.aims.notes)
    text = "\n".join(wording.render(line) for line in lines)
    post(scene, scene.known, Message(text=text), kind="digest", until=session.at)
    engagements.note_seen(scene.connection, scene.known.id, view.engagement.client, scene.now)
    audit.note_looked(scene.connection, scene.known.id, view.engagement.client, "brief", scene.now)
