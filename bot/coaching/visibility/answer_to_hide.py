"""For how long an answer can be kept from the coach by a word after it."""

from datetime import timedelta

HIDE_WITHIN = timedelta(days=2)
