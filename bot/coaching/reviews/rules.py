"""When a progress review comes round again, and in which phases of an engagement."""

from datetime import timedelta

from bot.model.plan import Phase

REVIEW = "review"
REVIEW_EVERY = timedelta(days=28)
REVIEW_LATE = timedelta(days=7)  # for so long after its day the rhythm looks for a place
REVIEWED = (Phase.PLANNING, Phase.COACHING, Phase.REVIEW)
