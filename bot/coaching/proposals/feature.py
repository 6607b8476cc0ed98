"""Proposals: a coach puts a commitment to a client, who takes it, changes it or lets it be."""

from bot.coaching.proposals.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(name="proposals", commands=COMMANDS)
