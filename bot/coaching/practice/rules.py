"""What holds for a practice: for how long a signal is left be, who is a colleague."""

from datetime import timedelta

from bot.model.facts import Facts

LEFT_FOR = timedelta(days=21)  # where no session is booked before


def colleague(named: str, facts: Facts) -> tuple[str, str] | None:
    """Id and name of the one other coach who is called exactly so; None if nobody or several are."""
    said = " ".join(named.casefold().split())
    found = [(wanted, name) for wanted, name in facts.colleagues if " ".join(name.casefold().split()) == said]
    return found[0] if len(found) == 1 else None
