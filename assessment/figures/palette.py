"""The colours of Kaderscan: one fill per verdict with the text on it, one accent, a few greys.

No red: "nog niet" is work ahead, not an alarm. Neighbouring fills differ in lightness, so that the order also
reads in grey; a test computes contrast and lightness.
"""

from typing import NamedTuple

from assessment.model.scale import Phase, Verdict


class Paint(NamedTuple):
    """A fill and the colour of text on it, as #RRGGBB."""

    fill: str
    text: str


ACCENT = "#1F5FA8"
ACCENT_SOFT = "#E8F0F9"
INK = "#22262C"
INK_SOFT = "#5A606B"
LINE = "#D5DAE1"
PAPER = "#FFFFFF"
PAPER_SOFT = "#F5F7F9"

VERDICT_PAINT = {
    Verdict.MEETS: Paint("#0F6B66", "#FFFFFF"),
    Verdict.PARTLY: Paint("#6DB5AB", "#0B2220"),
    Verdict.NOT_YET: Paint("#F6D9A0", "#3A2A08"),
    Verdict.UNDETERMINED: Paint("#C3C9D2", "#2B2F36"),
    Verdict.EXPLAINED: Paint("#B9A7D6", "#2A1F40"),
    Verdict.NOT_APPLICABLE: Paint("#FFFFFF", "#5A606B"),
    Verdict.NOT_SCORED: Paint("#FFFFFF", "#5A606B"),
}

PHASE_PAINT = {
    Phase.BY_FRAMEWORK: VERDICT_PAINT[Verdict.MEETS],
    Phase.TRANSITION: VERDICT_PAINT[Verdict.PARTLY],
    Phase.PIONEERING: VERDICT_PAINT[Verdict.NOT_YET],
}
