"""For how long a client's data is kept after the end."""

from datetime import timedelta

KEPT_AFTER_THE_END = timedelta(days=365)  # how long data is kept after the end
