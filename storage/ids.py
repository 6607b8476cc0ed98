"""Ids of rows where order does not matter."""

import secrets

_PLAIN = str.maketrans("-_", "xy")  # a button carries ids in what reads like typed text, whose dashes are no part of it


def new_id() -> str:
    """A random id of 16 letters and digits, of 95 bits."""
    return secrets.token_urlsafe(12).translate(_PLAIN)
