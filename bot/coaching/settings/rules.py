"""What holds for settings of everybody."""

from datetime import timedelta

LINK_LIVES = timedelta(hours=24)  # the code that binds another chat
