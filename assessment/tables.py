"""Frames for people: Dutch headings and figures, the same on screen, in a sheet and in a document."""

from decimal import ROUND_HALF_UP, Decimal

NBSP = "\N{NO-BREAK SPACE}"


def show_percentage(share: float) -> str:
    """Show a share in [0, 1] as a whole percentage, rounded half up, once.

    The decimal is rounded and not the float, and 0 % and 100 % are shown only when exactly true.

    Source: questionnaires/scoring.md, section 7.
    """
    return f"{_whole_percent(share)}{NBSP}%"


def show_range(low: float, high: float) -> str:
    """Show a range, midpoint first: "65 % (58–71 %)"; one figure where both ends round to the same."""
    if _whole_percent(low) == _whole_percent(high):
        return show_percentage(low)
    ends = f"{_whole_percent(low)}–{_whole_percent(high)}{NBSP}%"
    return f"{show_percentage((low + high) / 2)} ({ends})"


def _whole_percent(share: float) -> int:
    percent = Decimal(f"{share * 100:.10f}").quantize(Decimal(1), ROUND_HALF_UP)
    if percent == 100 and share < 1:  # noqa: PLR2004
        return 99
    if percent == 0 and share > 0:
        return 1
    return int(percent)
