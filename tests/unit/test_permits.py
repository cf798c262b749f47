"""How much may be sent up: by one session, and by all together."""

import pytest

from assessment.ui.permits import MEGABYTE, MOST_OF_ALL, MOST_OF_ONE, Permits

FULL = {f"session-{number}": MOST_OF_ONE for number in range(MOST_OF_ALL // MOST_OF_ONE)}


@pytest.mark.parametrize(
    ("stored", "is_too_much"),
    [
        ({}, False),
        ({"mine": MOST_OF_ONE - MEGABYTE}, False),
        ({"mine": MOST_OF_ONE - MEGABYTE + 1}, True),
        ({**FULL, "session-0": MOST_OF_ONE - MEGABYTE}, False),
        (FULL, True),
    ],
)
def test_a_file_is_too_much_for_its_session_or_for_all_together(
    stored: dict[str, int], *, is_too_much: bool
) -> None:
    assert Permits().is_too_much("mine", MEGABYTE, stored) == is_too_much


def test_what_is_still_coming_counts() -> None:
    permits = Permits()

    with permits.reserving("mine", MOST_OF_ONE - MEGABYTE):
        assert not permits.is_too_much("mine", MEGABYTE, {})
        assert permits.is_too_much("mine", MEGABYTE + 1, {})
        assert permits.is_too_much("other", 2 * MEGABYTE, dict.fromkeys(list(FULL)[1:], MOST_OF_ONE))

    assert not permits.is_too_much("mine", MOST_OF_ONE, {})
