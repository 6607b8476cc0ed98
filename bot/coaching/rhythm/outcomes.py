"""What the answers after a silence come to: how to go on, or not. Pure."""

from collections.abc import Callable, Iterator, Mapping

from bot.model.commitments.records import Reported
from bot.model.people.preferences import Pace
from bot.model.records import Paused, PreferencesChanged, Record, Restored, Stopped
from bot.model.replies import Given


def coming_back(given: Given) -> tuple[Record, ...]:
    """A light restart, a lighter rhythm, a rest, or the end, as the client chose."""
    match given.get("restart"):
        case "pause":
            return (Restored(), Paused(first=given.facts.today))
        case "stop":
            return (Stopped(),)
        case "lighter":
            return (Restored(), PreferencesChanged(pace=Pace.FORTNIGHTLY))
        case "restart" | "as_before":
            chosen = given.get("pace")
            wished = (PreferencesChanged(pace=Pace(chosen)),) if chosen else ()
            return (Restored(), *wished, *_kept(given))
        case _:
            return ()


def _kept(given: Given) -> Iterator[Reported]:
    keep = given.get("keep")
    if keep in (None, "all"):
        return
    for commitment in given.facts.open_commitments:
        if commitment.id != keep:
            yield Reported(key=commitment.id, commitment=commitment.id, report="parked")


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {"coming_back": coming_back}
