"""What the sponsor may read, and when a client is asked about it. Pure."""

from bot.model.replies import Given

REPORT_HOURS = range(8, 18)  # local hours at which a client may be asked at once
WISHES = ("success", "keep", "support")


def approved(given: Given) -> dict[str, str]:
    """The words approved in this dialogue, by goal; a goal whose wording was passed over is not approved."""
    chosen = given.get("which") or []
    found: dict[str, str] = {}
    for goal in given.plan_here.active_goals:
        said = given.inside("words", goal.id).get("wording") if goal.id in chosen and "none" not in chosen else None
        if said is not None and said != "leave":
            found[goal.id] = goal.text if said == "right" else said
    return found
