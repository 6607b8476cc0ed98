"""Where somebody is reached: another chat beside the first, a new one in place of one that is lost."""

from bot.coaching.chats.commands import COMMANDS
from bot.coaching.chats.placeholders import OPTIONS, PLACEHOLDERS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(name="chats", commands=COMMANDS, options=OPTIONS, placeholders=PLACEHOLDERS)
