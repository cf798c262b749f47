"""The palette by computation: contrast as WCAG 2.1 defines it, lightness as CIE L*."""

from itertools import combinations, pairwise

import pytest

from assessment.figures import palette
from assessment.model.scale import Verdict


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lightness(colour: str) -> float:
    return float(116 * luminance(colour) ** (1 / 3) - 16)


@pytest.mark.parametrize("verdict", Verdict)
def test_text_on_every_fill_is_readable(verdict: Verdict) -> None:
    paint = palette.VERDICT_PAINT[verdict]

    assert contrast(paint.fill, paint.text) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (palette.INK, palette.PAPER),
        (palette.INK_SOFT, palette.PAPER),
        (palette.INK_SOFT, palette.PAPER_SOFT),
        (palette.ACCENT, palette.PAPER),
        (palette.PAPER, palette.ACCENT),
        (palette.INK, palette.ACCENT_SOFT),
    ],
)
def test_ink_is_readable_on_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_from_voldoet_to_nog_niet_the_fills_grow_lighter() -> None:
    order = [palette.VERDICT_PAINT[v].fill for v in (Verdict.MEETS, Verdict.PARTLY, Verdict.NOT_YET)]

    steps = [lightness(lighter) - lightness(darker) for darker, lighter in pairwise(order)]

    assert min(steps) >= 15


def test_verdicts_that_share_a_lightness_differ_in_sign() -> None:
    for one, other in combinations(Verdict, 2):
        assert one.sign != other.sign
