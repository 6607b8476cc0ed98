"""Undo: what was changed last is taken back, by whoever changed it."""

from bot.coaching.shared.cards import Feature
from bot.coaching.undo.commands import COMMANDS

FEATURE = Feature(name="undo", commands=COMMANDS)
