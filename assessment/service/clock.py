"""The only place that reads the clock; everything else gets the moment as an argument."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment in the Netherlands, without a zone, as it is stored and shown."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None)


def today() -> date:
    """This day in the Netherlands."""
    return now().date()
