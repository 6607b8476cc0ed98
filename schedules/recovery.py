"""Settles what a killed sender left behind."""

from datetime import datetime

from bot.delivery.deliver import Delivery


async def tick(delivery: Delivery, _now: datetime) -> int:
    """Settle rows whose lease has run out; returns how many. Leases run by the database's clock."""
    return await delivery.recover()
