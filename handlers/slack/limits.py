"""How many messages Slack takes: below these rates nothing is refused."""

from bot.gcra import Pace, Rate

# docs.slack.dev/apis/web-api/rate-limits: one message a second in a channel with short bursts, chat.update in tier 3,
# 50 a minute in a workspace.
PACE = Pace(chat=Rate(every=1.0, replies=4), changes=Rate(every=1.2, burst=1, replies=20))
