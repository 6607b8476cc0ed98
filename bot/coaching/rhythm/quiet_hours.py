"""Quiet hours, and the other hours of the bot's own that somebody may want to set otherwise."""

from datetime import time, timedelta

OPENS, CLOSES = time(8, 0), time(18, 30)  # local hours: before and after them nothing comes of the bot's own accord
PUT_OFF = timedelta(hours=3)  # how long "later" is, within a working day
ERRAND_AT = time(9)  # the hour of what comes outside the rhythm, where none was named
