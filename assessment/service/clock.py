"""The only place that reads the clock; everything else gets the moment as an argument."""

from datetime import date, datetime

from assessment.model.rules import ZONE


def now() -> datetime:
    """This moment in the Netherlands, without a zone, as it is stored and shown."""
    return datetime.now(ZONE).replace(tzinfo=None)


def read_moment(seconds: float) -> datetime:
    """The moment that others tell as seconds since 1970, in the Netherlands as `now`."""
    return datetime.fromtimestamp(seconds, ZONE).replace(tzinfo=None)


def today() -> date:
    """This day in the Netherlands."""
    return now().date()
