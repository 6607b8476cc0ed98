"""How deep laws are looked into: a part of it in `make test`, less in `make quick`, and all of it in `make long`."""

from typing import Any

from hypothesis import settings

FULL = 100  # examples of a law in `make long`, unless it says otherwise

# `make test` says the same of the same code each time; `make long` looks for what nobody has seen yet.
for name, examples in (("quick", 20), ("short", 40), ("deep", FULL)):
    settings.register_profile(name, max_examples=examples, deadline=None, derandomize=name != "deep")
settings.load_profile("short")  # unless the command line names another


def examples(full: int, **more: Any) -> settings:
    """A law that is to have so many examples in `make long`, and their part elsewhere."""
    return settings(max_examples=max(5, full * settings().max_examples // FULL), deadline=None, **more)
