"""What the dialogues of a practice go by. Pure, from answers and facts."""

from collections.abc import Callable, Mapping

from bot.coaching.practice.outcomes import cover_asked, engagement_here
from bot.coaching.shared.outcomes import KEPT
from bot.coaching.shared.validators import NO_HELPLINE
from bot.model.replies import Given

_NOTHING = "nothing"


def handover_stands(given: Given) -> bool:
    """Somebody is still meant to take over."""
    engagement = engagement_here(given)
    return engagement is not None and bool(engagement.heir)


def helpline_said(given: Given) -> bool:
    """A helpline was named in this dialogue, not only the emergency number."""
    return given.get("helpline") not in (None, NO_HELPLINE)


def nothing_chosen(given: Given) -> bool:
    """Nothing was to be changed, no chat taken away, or the helpline that was named is not right."""
    return (
        given.get("what") == _NOTHING or given.get("gone") == KEPT or (helpline_said(given) and not given.get("named"))
    )


def cover_stands(given: Given) -> bool:
    """The absence that is asked about is still the one that was told, and not over."""
    cover = cover_asked(given.facts, given.engagement)
    return cover is not None and cover.last >= given.facts.today and given.item in ("", cover.absence)


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "handover_stands": handover_stands,
    "helpline_said": helpline_said,
    "nothing_chosen": nothing_chosen,
    "cover_stands": cover_stands,
}
