"""A table of answers as people and programs save it."""

from datetime import date
from pathlib import Path

import pytest

from assessment.errors import AnswerTableError, FileAccessError
from assessment.readers.tables import ANSWER_COLUMNS, DEVIATION_COLUMNS, read_table
from assessment.service.answer_table import TableOfAnswers, score_table
from assessment.settings import HOME

POLITIE = HOME / "questionnaires" / "politie" / "1.0.yaml"
HEADING = "house_id,question_id,option_id"


def write(folder: Path, text: str) -> Path:
    file = folder / "antwoorden.csv"
    file.write_text(text, encoding="utf-8", newline="")
    return file


@pytest.mark.parametrize(("heading", "end"), [(HEADING, ""), (HEADING, ","), (f"{HEADING},,", ",,")])
def test_an_empty_line_or_a_comma_too_many_moves_nothing(tmp_path: Path, heading: str, end: str) -> None:
    file = write(tmp_path, f"{heading}\r\na,POS-1.1,b{end}\r\n\r\n , , \r\nb,POS-1.2,c{end}\r\n")

    table = read_table(file, ANSWER_COLUMNS)

    assert table.to_dict("records") == [
        {"house_id": "a", "question_id": "POS-1.1", "option_id": "b", "line": 2},
        {"house_id": "b", "question_id": "POS-1.2", "option_id": "c", "line": 5},
    ]


def test_a_cell_of_several_lines_is_counted_as_several(tmp_path: Path) -> None:
    heading = ",".join(DEVIATION_COLUMNS)
    file = write(tmp_path, f'{heading}\na,POS-1,"eerst\nen dan",x,2027-01-01\nb,POS-1,zo,x,2027-01-01\n')

    table = read_table(file, DEVIATION_COLUMNS)

    assert table["line"].tolist() == [2, 4]
    assert table["reason"].tolist() == ["eerst\nen dan", "zo"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{HEADING}\na,POS-1.1,b,c\n", "te veel kolommen op regel 2."),
        (f"{HEADING}\na,POS-1.1,b\na,POS-1.1,b,c,d\n", "te veel kolommen op regel 3."),
        (f"{HEADING},house_id\na,POS-1.1,b,c\n", "kolommen staan er dubbel: house_id."),
        ("", "kolommen ontbreken: house_id, question_id, option_id."),
        ("house_id\na\n", "kolommen ontbreken: question_id, option_id."),
    ],
)
def test_a_table_that_is_not_sound_is_told(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(AnswerTableError, match=fault.replace(".", r"\.")):
        read_table(write(tmp_path, text), ANSWER_COLUMNS)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", '"\t="'])
def test_the_id_of_a_house_never_works_as_a_formula(tmp_path: Path, sign: str) -> None:
    file = write(tmp_path, f"{HEADING}\nsoms,POS-1.1,a\n\n{sign},POS-1.1,a\n")

    with pytest.raises(AnswerTableError, match=r"regel 4: house_id '[=+\-@]' begint met een teken"):
        score_table((POLITIE,), TableOfAnswers(file, None, date(2027, 1, 1)))


def test_a_file_that_is_not_there_is_told_in_dutch(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match="het bestaat niet"):
        read_table(tmp_path / "weg.csv", ANSWER_COLUMNS)


def test_all_faults_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    answers = write(tmp_path, f"{HEADING}\na,POS-1.1,a\n")
    agreed = tmp_path / "afwijkingen.csv"
    agreed.write_text(f"{';'.join(DEVIATION_COLUMNS)}\nb;POS-99;;x;ooit\na;POS-2;klein;bestuur;1 juli 2027\n")

    with pytest.raises(AnswerTableError) as refusal:
        score_table((POLITIE,), TableOfAnswers(answers, agreed, date(2027, 1, 1)))

    assert str(refusal.value).count("\n") == 0
    for fault in ("'b' heeft geen antwoorden", "bij 'POS-99'", "reason en agreed_by", "'ooit' is geen datum"):
        assert fault in str(refusal.value)
