"""For how long a client who wrote of danger is left alone."""

from datetime import timedelta

HELD = timedelta(hours=72)  # nobody is asked anything for so long after they wrote of danger, unless they resume
