"""What a chain sees of tampering, and what it cannot see without a head that was kept elsewhere."""

from datetime import datetime

import pytest

from assessment.engine.validation.audit_chain import find_breaks
from assessment.model.audit import Action, AuditEntry, AuditHead, Change, Signature, chain_change

SIGNATURE = Signature("lokaal", datetime.fromisoformat("2026-11-22T12:00"))


def make_trail(
    length: int = 6, action: Action = Action.HOUSE_ADDED, head: AuditHead | None = None
) -> list[AuditEntry]:
    """A sound trail of so many entries."""
    head, trail = head or AuditHead(), []
    for number in range(head.number + 1, length + 1):
        trail.append(chain_change(head, SIGNATURE, Change(action=action, subject=f"h{number}", new=number)))
        head = head_of(trail)
    return trail


def head_of(trail: list[AuditEntry]) -> AuditHead:
    return AuditHead(number=trail[-1].number, sha256=trail[-1].sha256)


def numbers(trail: list[AuditEntry], head: AuditHead, kept: AuditHead | None = None) -> list[int]:
    return [each.number for each in find_breaks(trail, head, kept)]


@pytest.mark.parametrize("length", [1, 2, 6])
def test_a_whole_trail_has_no_breaks(length: int) -> None:
    trail = make_trail(length)

    assert find_breaks(trail, head_of(trail), kept=head_of(trail[:1])) == []


def test_an_empty_trail_is_whole() -> None:
    assert find_breaks([], AuditHead(), kept=AuditHead()) == []


@pytest.mark.parametrize("field", [name for name in AuditEntry.model_fields if name != "number"])
@pytest.mark.parametrize("place", range(6))
def test_a_sign_changed_in_any_field_of_any_entry_is_found_there(field: str, place: int) -> None:
    trail = make_trail()
    head, old = head_of(trail), getattr(trail[place], field)
    for at in range(len(old)):
        for sign in ("#", " ", "0", "1"):
            changed = old[:at] + sign + old[at + 1 :]
            if changed != old:
                trail[place] = trail[place].model_copy(update={field: changed})
                assert place + 1 in numbers(trail, head), changed


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, " 1", "1.0", "NaN", "1e999", '{"a":1,"a":1}', "null"]
)
def test_a_value_that_is_not_the_json_that_was_written_is_found(text: str) -> None:
    trail = make_trail()
    trail[2] = trail[2].model_copy(update={"new": text})

    assert numbers(trail, head_of(trail)) == [3]
    assert trail[2].write_line()


def test_an_entry_that_was_written_anew_is_found_at_the_next() -> None:
    trail = make_trail()
    head = head_of(trail)
    changed = Change(action=Action.HOUSE_ADDED, subject="ander")
    trail[2] = chain_change(head_of(trail[:2]), SIGNATURE, changed)

    assert numbers(trail, head) == [4]


@pytest.mark.parametrize("place", range(5))
def test_an_entry_that_was_taken_out_is_found(place: int) -> None:
    trail = make_trail()
    head = head_of(trail)
    del trail[place]

    assert [tuple(each) for each in find_breaks(trail, head)] == [(place + 1, "is weg")]


def test_several_entries_that_were_taken_out_are_told_once() -> None:
    trail = make_trail()

    assert [tuple(each) for each in find_breaks(trail[:1] + trail[4:], head_of(trail))] == [
        (2, "tot en met 4 zijn weg")
    ]


def test_entries_that_changed_places_are_found() -> None:
    trail = make_trail()
    head = head_of(trail)
    trail[2], trail[3] = (
        trail[3].model_copy(update={"number": 3}),
        trail[2].model_copy(update={"number": 4}),
    )

    assert numbers(trail, head) == [3, 4, 5] or numbers(trail, head) == [3, 4]


def test_an_entry_that_was_put_in_before_the_first_is_found() -> None:
    trail = make_trail()
    stranger = trail[0].model_copy(update={"number": 0})

    assert 0 in numbers([stranger, *trail], head_of(trail))


def test_newest_entries_that_were_cut_off_show_beside_the_head() -> None:
    trail = make_trail()

    assert [tuple(each) for each in find_breaks(trail[:4], head_of(trail))] == [
        (5, "tot en met 6: afgeknipt van het einde")
    ]
    assert numbers([], head_of(trail)) == [1]


def test_an_entry_that_was_put_behind_the_last_shows_beside_the_head() -> None:
    trail = make_trail()

    assert numbers(trail, head_of(trail[:5])) == [6]


def test_a_head_that_is_gone_or_of_another_trail_is_told() -> None:
    trail = make_trail()

    assert "slot van het logboek is weg" in find_breaks(trail, None)[0].fault
    assert numbers(trail, AuditHead(number=6, sha256="f" * 64)) == [6]


def test_a_trail_that_was_cut_off_with_its_head_only_shows_beside_a_head_that_was_kept_elsewhere() -> None:
    trail = make_trail()
    kept = head_of(trail)

    assert find_breaks(trail[:4], head_of(trail[:4])) == []
    assert numbers(trail[:4], head_of(trail[:4]), kept) == [6]


def test_a_trail_that_was_written_anew_only_shows_beside_a_head_that_was_kept_elsewhere() -> None:
    kept = head_of(make_trail(4))
    anew = make_trail(action=Action.HOUSE_CHANGED)

    assert find_breaks(anew, head_of(anew)) == []
    assert numbers(anew, head_of(anew), kept) == [4]


def test_after_a_restore_a_head_that_was_kept_is_looked_for_in_the_copy() -> None:
    kept = head_of(make_trail(9))
    before = make_trail(5)
    trail = before + make_trail(6, Action.RESTORED, head_of(before))

    (told,) = find_breaks(trail, head_of(trail), kept)

    assert told.number == 9
    assert "Bij regel 6 is een reservekopie teruggezet" in told.fault
