"""How many messages Telegram takes: below these rates nothing is refused."""

from bot.gcra import Pace, Rate

# core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: 30 messages a second for a bot, one a second
# in a chat with short bursts, 20 a minute in a group.
PACE = Pace(
    bot=Rate(every=1 / 29.7, burst=3, replies=12),
    chat=Rate(every=1.0, replies=4),
    group=Rate(every=3.0, replies=3),
)
