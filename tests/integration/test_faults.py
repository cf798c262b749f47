"""Whatever is wrong with a file is told in Dutch, with its place."""

import errno
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from assessment.errors import FileAccessError, FrameworkError, describe_reason
from assessment.model.answers import Answer, Submission
from assessment.model.framework import Framework
from assessment.model.register import House, Round
from assessment.model.texts import QuestionnaireTexts
from assessment.readers.files import _FAULTS, describe_faults, read_bytes, read_model
from tests import builders

Given = dict[str, Any]

SOUND: dict[type[BaseModel], Given] = {
    Framework: builders.framework([builders.criterion()]).model_dump(mode="json"),
    House: {"house_id": "a", "title": "Huis A", "unit_id": "u", "valid_from": "2020-01-01", "invented": True},
    Round: {
        "round_id": "r",
        "title": "Ronde",
        "opens": "2027-01-01",
        "closes": "2027-02-01",
        "frameworks": ["politie/1.0"],
        "house_ids": ["a"],
    },
    Submission: {
        "house_id": "a",
        "round_id": "r",
        "perspective": "huis",
        "answers": [Answer("POS-1.1")],
        "handed_in": "2027-01-01T12:00",
        "file_name": "a.xlsx",
        "file_sha256": "0" * 64,
    },
    QuestionnaireTexts: {
        "title": "Zelfscan",
        "invented": "Verzonnen",
        "steps": ["Eerst"],
        "promises": ["Nooit"],
        "deviation": "Anders",
        "deviation_columns": {"a": "A"},
        "words": {"b": "B"},
    },
}
ODD: tuple[object, ...] = (
    *(None, "", "  ", "x", "x" * 99, "maandag", "2027-13-45", "2027-01-01T10:00", "99" * 3000),
    *(0, -1, 99, 2.5, 10**400, float("nan"), float("inf"), True, b"\xff", [], [None], ["x", 3], {}),
    *({"x": 1}, {1: "x"}, {None: "x"}, object(), "\ud800"),
)


def every_place(given: object) -> list[tuple[object, ...]]:
    """The way to every part of something."""
    steps = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
    return [(), *((step, *way) for step, part in steps for way in every_place(part))]


def put_in(given: object, way: tuple[object, ...], odd: object) -> object:
    if not way:
        return odd
    changed: Any = deepcopy(given)
    part = changed
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = odd
    return changed


def broken_inputs(model: type[BaseModel]) -> list[object]:
    """Something odd in every place, a part left out, and a part too many."""
    sound = SOUND[model]
    loop: Given = {}
    loop["title"] = loop
    broken = [put_in(sound, way, odd) for way in every_place(sound) for odd in (*ODD, loop)]
    broken += [{key: value for key, value in sound.items() if key != name} for name in sound]
    return [*broken, {**sound, "kleur": "rood"}]


@pytest.mark.parametrize("model", list(SOUND), ids=lambda model: model.__name__)
def test_no_fault_of_the_library_is_told_in_english(model: type[BaseModel]) -> None:
    model.model_validate(SOUND[model])
    untold = set()

    for given in broken_inputs(model):
        try:
            model.model_validate(given)
        except ValidationError as error:
            faults = error.errors()
            untold |= {fault["type"] for fault in faults} - _FAULTS.keys()
            told = describe_faults(faults, given)
            assert not [line for line in told if " or " in line or "should" in line.lower()]

    assert untold == set()


def test_a_list_of_choices_is_dutch() -> None:
    with pytest.raises(ValidationError) as refusal:
        Submission.model_validate({**SOUND[Submission], "perspective": "buren"})

    assert describe_faults(refusal.value.errors(), None) == [
        "perspective moet een van deze zijn: 'vastgesteld', 'huis', 'politie', 'partners' of 'gezamenlijk'"
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("a: [1, 2\nb: 3\n", "regel 2, kolom 2 is niet te lezen"),
        ("a: 'open\n", "regel 2, kolom 1 is niet te lezen"),
        ("a: !!python/name:os.system\n", "regel 1, kolom 4 is niet te lezen"),
        ("a: \x01\n", "er staan tekens in die niet kunnen"),
        ("a: 2027-13-45\n", "een datum of getal in dat niet bestaat"),
        ("a: 1\na: 2\n", "regel 1: veld komt dubbel voor: a"),
        ("a: {1: x, 0x1: y}\n", "regel 1: veld komt dubbel voor: 1"),
    ],
)
def test_what_is_no_yaml_is_told_in_dutch_with_its_place(tmp_path: Path, content: str, fault: str) -> None:
    file = tmp_path / "kader.yaml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(FrameworkError) as refusal:
        read_model(file, Framework, FrameworkError)

    assert f"{file}: geen geldige YAML: {fault}" in str(refusal.value).replace("er staat een", "een")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "weg.yaml", "het bestaat niet"),
        (lambda folder: folder, "het is een map"),
        (lambda folder: folder / ("x" * 300), "de naam is te lang"),
    ],
)
def test_why_a_file_cannot_be_read_is_dutch(
    tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    with pytest.raises(FileAccessError) as refusal:
        read_bytes(make(tmp_path))

    assert f"kan het bestand niet lezen ({reason})." in str(refusal.value)


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EACCES, "u mag hier niet bij"), (errno.ENOSPC, "de schijf is vol"), (errno.EIO, "fout 5")],
)
def test_a_reason_is_dutch_whatever_the_machine_speaks(number: int, reason: str) -> None:
    assert describe_reason(OSError(number, "No such luck")) == reason
