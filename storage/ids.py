"""Ids of rows where order does not matter."""

import secrets


def new_id() -> str:
    """A random id of 96 bits."""
    return secrets.token_urlsafe(12)
