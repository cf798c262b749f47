"""Tables of answers of any size: the same figures by every way in, and every fault with its place."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from assessment.engine.answers import (
    AnswerRows,
    code_rows,
    collect_answers,
    collect_in_order,
    find_grid,
    merge_collected,
)
from assessment.errors import AnswerTableError, FileAccessError, UserError
from assessment.model.frames import Scores
from assessment.model.questionnaire import Questionnaire
from assessment.readers.answer_rows import NotPlainError, open_answers, read_row_groups
from assessment.readers.framework import read_questionnaire
from assessment.service.answer_table import (
    ScoredTable,
    TableOfAnswers,
    score_frame,
    score_into,
    score_table,
)
from assessment.service.computing import Engine, Part, Result
from assessment.settings import HOME
from assessment.writers.score_table import write_csv, write_score_file, write_score_parquet
from tests.conftest import NOW, Run
from tests.disks import SmallDisk
from tests.reference import score_house

POLITIE = HOME / "questionnaires" / "politie" / "1.1.yaml"
COLUMNS = ["house_id", "question_id", "option_id"]
Row = tuple[str, str, str]


@pytest.fixture(scope="module")
def asked() -> Questionnaire:
    return read_questionnaire((POLITIE,))


def make_rows(asked: Questionnaire, houses: int, *, seed: int = 1, sparse: float = 0.2) -> list[Row]:
    """Random answers, some empty and some not there, house after house."""
    draw = np.random.default_rng(seed)
    return [
        (f"huis-{house}", question.question_id, str(draw.choice([*dict(question.lettered), ""])))
        for house in range(houses)
        for question in asked.choices
        if draw.random() > sparse
    ]


def make_table(rows: Sequence[Row]) -> pa.Table:
    return pa.table(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)))


def save_parquet(folder: Path, rows: Sequence[Row], *, per_group: int = 1000) -> Path:
    path = folder / "antwoorden.parquet"
    parquet.write_table(make_table(rows), path, row_group_size=per_group)
    return path


def save_csv(folder: Path, rows: Sequence[Row]) -> Path:
    path = folder / "antwoorden.csv"
    lines = [",".join(row) for row in (COLUMNS, *rows)]
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    return path


def score(path: Path) -> list[Scores]:
    return list(score_table((POLITIE,), TableOfAnswers(path, None, NOW.date())).batches)


def join_totals(batches: Sequence[Scores]) -> pd.DataFrame:
    return pd.concat([scores.totals for scores in batches], ignore_index=True)


def test_every_way_in_gives_the_figures_of_the_naive_reference(tmp_path: Path, asked: Questionnaire) -> None:
    rows = make_rows(asked, 40)
    np.random.default_rng(2).shuffle(rows)

    from_parquet = join_totals(score(save_parquet(tmp_path, rows)))
    from_csv = join_totals(score(save_csv(tmp_path, rows)))
    from_frame = score_frame(pd.DataFrame(rows, columns=COLUMNS), asked)

    pd.testing.assert_frame_equal(from_parquet, from_csv, check_exact=True)
    pd.testing.assert_frame_equal(from_parquet, from_frame, check_exact=True)
    assert list(from_parquet["house_id"]) == list(dict.fromkeys(house for house, _, _ in rows))
    for total in from_parquet.to_dict("records"):
        expected = score_house(asked, {q: letter for house, q, letter in rows if house == total["house_id"]})
        assert (total["low"], total["high"]) == pytest.approx(expected.conformity)
        assert (total["answered"], total["applicable"]) == (expected.answered, expected.applicable)


def test_houses_in_many_batches_are_the_same_as_in_one(tmp_path: Path, asked: Questionnaire) -> None:
    question = asked.choices[0].question_id
    rows = [(f"h{number}", question, "ab"[number % 2]) for number in range(40_000)]

    batches = score(save_parquet(tmp_path, rows, per_group=3_000))

    assert len(batches) > 2
    whole = join_totals(batches)
    assert list(whole["house_id"]) == [house for house, _, _ in rows]
    alone = score_frame(pd.DataFrame(rows[-2:], columns=COLUMNS), asked)
    pd.testing.assert_frame_equal(whole.tail(2).reset_index(drop=True), alone, check_exact=True)


def test_parts_that_are_read_apart_come_to_what_the_whole_does(tmp_path: Path, asked: Questionnaire) -> None:
    rows = make_rows(asked, 30)
    np.random.default_rng(3).shuffle(rows)
    path = save_parquet(tmp_path, rows, per_group=100)
    file = open_answers(path)

    read = (read_row_groups(path, file.stamp, [group]) for group in range(file.groups))
    parts = [collect_answers(rows, asked) for rows in read]
    merged = find_grid(merge_collected(parts), asked)
    whole = find_grid(collect_answers(open_answers(path).read(), asked), asked)

    assert file.groups > 5
    assert merged is not None
    assert whole is not None
    assert merged.house_ids == whole.house_ids
    np.testing.assert_array_equal(merged.choices, whole.choices)


def test_a_text_that_no_row_uses_makes_no_house(tmp_path: Path, asked: Questionnaire) -> None:
    question = asked.choices[0].question_id
    houses = pa.DictionaryArray.from_arrays(pa.array([2, 0], pa.int8()), ["a", "nergens", "b"])
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table([houses, [question] * 2, ["a", "b"]], names=COLUMNS), path)

    assert list(join_totals(score(path))["house_id"]) == ["b", "a"]


def test_whole_numbers_are_ids_and_rows_without_anything_say_nothing(
    tmp_path: Path, asked: Questionnaire
) -> None:
    question = asked.choices[0].question_id
    path = tmp_path / "a.parquet"
    columns = [pa.array([7, None, 8]), [f" {question} ", None, question], pa.array(["a", "", None])]
    parquet.write_table(pa.table(columns, names=COLUMNS), path)

    totals = join_totals(score(path))

    assert totals[["house_id", "answered"]].to_dict("list") == {"house_id": ["7", "8"], "answered": [1, 0]}


def test_a_table_of_headings_alone_comes_to_nothing_in_every_shape(runner: Run, tmp_path: Path) -> None:
    table = tmp_path / "leeg.csv"
    table.write_text(",".join(COLUMNS))
    command = ("score", "--framework", POLITIE, "--answers", table)

    assert "Volgens het kader" in runner(*command).stdout
    assert '"houses": []' in runner(*command, "--format", "json").stdout
    assert runner(*command, "--format", "csv").stdout == "house_id,criterion_id,low,high,verdict\n"
    for kind in ("parquet", "csv", "json"):
        assert runner(*command, "-o", tmp_path / f"uit.{kind}").returncode == 0
    assert parquet.read_table(tmp_path / "uit.parquet").num_rows == 0


def test_a_kind_of_file_that_is_none_is_refused_before_anything_is_read(runner: Run, tmp_path: Path) -> None:
    away = tmp_path / "weg.parquet"

    ended = runner("score", "--framework", POLITIE, "--answers", away, "-o", tmp_path / "uit.xlsx")

    assert "kies een bestand dat eindigt op .parquet, .csv of .json" in ended.stderr


FAULTS: list[tuple[Row, str]] = [
    (("", "POS-1.1", "a"), "house_id is leeg"),
    (("=1+1", "POS-1.1", "a"), "begint met een teken waarmee Excel een formule begint"),
    (("h", "POS-99", "a"), "onbekende vraag 'POS-99'"),
    (("h", "POS-1.1", "z"), "'z' is geen keuze bij POS-1.1"),
    (("huis-0", "POS-1.1", "b"), "POS-1.1 staat er twee keer voor dit huis"),
]


@pytest.mark.parametrize(("row", "fault"), FAULTS)
@pytest.mark.parametrize("write", [save_parquet, save_csv])
def test_each_fault_is_told_with_its_place(
    tmp_path: Path, asked: Questionnaire, write: Callable[[Path, Sequence[Row]], Path], row: Row, fault: str
) -> None:
    rows = [*make_rows(asked, 30, sparse=0), row]

    with pytest.raises(AnswerTableError) as refusal:
        score(write(tmp_path, rows))

    number = len(rows)
    place = f"rijgroep {(number - 1) // 1000 + 1}, rij {(number - 1) % 1000 + 1}"
    told = place if write is save_parquet else f"regel {number + 1}"
    assert re.fullmatch(rf".*, {told}: .*{re.escape(fault)}.*\.", str(refusal.value))


def test_many_faults_are_counted_and_twenty_are_told(tmp_path: Path, asked: Questionnaire) -> None:
    rows = make_rows(asked, 30, sparse=0)
    wrong = [("h", f"X-{number % 30}", "a") for number in range(60)]

    with pytest.raises(AnswerTableError) as refusal:
        score(save_parquet(tmp_path, rows + wrong, per_group=50))

    lines = str(refusal.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("nog 40 regels met een fout.")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array([["a"]]), "list"),
        (pa.array([{"a": "b"}]), "struct"),
        (pa.array([b"a"]), "binary"),
        (pa.array([Decimal("1.5")]), "decimal"),
        (pa.array([1.5]), "double"),
        (pa.array([True]), "bool"),
    ],
)
def test_a_column_that_holds_no_text_is_refused_with_its_name_and_kind(
    tmp_path: Path, values: pa.Array, kind: str
) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table([["h"], values, ["a"]], names=COLUMNS), path)

    with pytest.raises(AnswerTableError, match=rf"geen tekst in question_id \({kind}.*\)"):
        score(path)


def test_ten_thousand_columns_beside_them_do_not_matter(tmp_path: Path, asked: Questionnaire) -> None:
    path = tmp_path / "a.parquet"
    columns = {name: [value] for name, value in zip(COLUMNS, make_rows(asked, 1)[0], strict=True)}
    parquet.write_table(pa.table(columns | {f"k{number}": [b"x"] for number in range(10_000)}), path)

    assert len(join_totals(score(path))) == 1


@pytest.mark.parametrize("names", [["house_id", "question_id"], ["house_id", "question_id", "house_id"]])
def test_columns_that_are_missing_or_there_twice_are_told(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_arrays([pa.array(["a"])] * len(names), names=names), path)

    with pytest.raises(AnswerTableError, match=r"kolommen ontbreken: .*option_id"):
        score(path)


def test_a_broken_parquet_is_told_or_says_what_it_said(tmp_path: Path, asked: Questionnaire) -> None:
    """Each byte of the part that describes the file, changed: lying row counts among them."""
    path, broken = tmp_path / "heel.parquet", tmp_path / "stuk.parquet"
    parquet.write_table(make_table(make_rows(asked, 2)), path, row_group_size=40, store_schema=False)
    whole, expected = path.read_bytes(), collect_answers(open_answers(path).read(), asked)
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    told = 0
    for place in range(footer, len(whole)):
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 0x06]) + whole[place + 1 :])
        try:
            collected = collect_answers(open_answers(broken).read(), asked)
        except UserError:
            told += 1
        else:
            np.testing.assert_array_equal(collected.cells, expected.cells)
    assert told > 100


def write_anew(path: Path, asked: Questionnaire, houses: int) -> None:
    """Put a table of other answers in the place of one, as who exports it again does."""
    (path.parent / "nieuw").mkdir()
    save = save_csv if path.suffix == ".csv" else partial(save_parquet, per_group=50)
    save(path.parent / "nieuw", make_rows(asked, houses, seed=9)).replace(path)


@pytest.mark.parametrize("save", [save_csv, partial(save_parquet, per_group=50)], ids=["csv", "parquet"])
@pytest.mark.parametrize("houses", [1, 3, 30])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, asked: Questionnaire, save: Callable[[Path, Sequence[Row]], Path], houses: int
) -> None:
    path = save(tmp_path, make_rows(asked, 3))
    batches = open_answers(path).read()
    next(batches)
    write_anew(path, asked, houses)

    with pytest.raises(AnswerTableError, match="veranderd terwijl het werd gelezen"):
        list(batches)


class ReplacingEngine(Engine):
    """Two workers, of which the second begins after the file was replaced."""

    workers = 2

    def __init__(self, replace: Callable[[], None]) -> None:
        self.replace = replace

    def map(self, function: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
        """The result of each part."""
        for part in parts:
            yield function(part)
            self.replace()


@pytest.mark.parametrize("houses", [1, 3, 30])
def test_a_file_that_is_replaced_between_two_workers_is_refused(
    tmp_path: Path, asked: Questionnaire, houses: int
) -> None:
    path = save_parquet(tmp_path, make_rows(asked, 3), per_group=50)
    engine = ReplacingEngine(partial(write_anew, path, asked, houses))
    table = TableOfAnswers(path, None, NOW.date())

    with pytest.raises(AnswerTableError, match="veranderd terwijl het werd gelezen"):
        score_table((POLITIE,), table, engine=engine)


def test_a_file_that_changes_after_it_was_looked_at_is_refused(tmp_path: Path, asked: Questionnaire) -> None:
    path = save_csv(tmp_path, make_rows(asked, 3))
    file = open_answers(path)
    write_anew(path, asked, 2)

    with pytest.raises(AnswerTableError, match="veranderd terwijl het werd gelezen"):
        list(file.read())


@pytest.mark.parametrize("name", ["weg.parquet", "weg.csv"])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileAccessError, match="het bestaat niet"):
        score(tmp_path / name)


MARK = b"\xef\xbb\xbf"
CELL = st.text(alphabet='ab ",;\n\r\t-é', max_size=4)


@given(
    st.lists(st.tuples(CELL, CELL, CELL), max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([b"", MARK]),
)
def test_a_plain_csv_says_the_same_line_by_line_as_whole(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], end: str, mark: bytes
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    text = end.join(",".join(row) for row in (COLUMNS, *rows))
    path.write_bytes(mark + text.encode())

    try:
        plain = list_texts(path, plain=True)
    except NotPlainError:
        return

    assert plain == list_texts(path, plain=False)


def list_texts(path: Path, *, plain: bool) -> list[tuple[int, Row]]:
    """The rows in which anything stands, each with its number."""
    return [
        (int(number), row)
        for batch in open_answers(path, plain=plain).read()
        for number, *codes in zip(batch.numbers, *(column.codes for column in batch[:3]), strict=True)
        if any(row := tuple(column.texts[code] for column, code in zip(batch[:3], codes, strict=True)))
    ]


def test_a_csv_with_quotes_or_empty_lines_scores_as_one_without(tmp_path: Path, asked: Questionnaire) -> None:
    rows = make_rows(asked, 5)
    expected = join_totals(score(save_csv(tmp_path, rows)))
    quoted = tmp_path / "b.csv"
    lines = [";".join(f'"{cell}"' for cell in row) for row in (COLUMNS, *rows)]
    quoted.write_text("\r\n\r\n".join(lines), newline="")

    pd.testing.assert_frame_equal(join_totals(score(quoted)), expected, check_exact=True)


@pytest.mark.mount
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_full_disk_leaves_no_half_file_and_what_stood_there(
    small_disk: SmallDisk, tmp_path: Path, asked: Questionnaire, kind: str
) -> None:
    batches = score(save_parquet(tmp_path, make_rows(asked, 3_000)))
    target = small_disk.folder / f"uit.{kind}"
    target.write_text("van vorige week")
    small_disk.fill()

    write = {
        "parquet": lambda: write_score_parquet(target, asked, batches),
        "csv": lambda: write_score_file(target, write_csv(asked, batches)),
    }

    with pytest.raises(FileAccessError, match="de schijf is vol"):
        write[kind]()

    assert target.read_text() == "van vorige week"
    assert {path.name for path in small_disk.folder.iterdir()} == {target.name, "vol"}


def test_what_is_written_is_written_batch_by_batch(tmp_path: Path, asked: Questionnaire) -> None:
    batch = score(save_parquet(tmp_path, make_rows(asked, 3)))

    def endless() -> Iterator[Scores]:
        while True:
            yield batch[0]

    target = tmp_path / "uit.parquet"
    write_score_parquet(target, asked, islice(endless(), 5))

    written = parquet.ParquetFile(target)
    assert written.num_row_groups == 5
    assert written.schema_arrow.names == [*COLUMNS[:1], "criterion_id", "low", "high", "verdict"]


def score_into_file(path: Path, out: Path, deviations: Path | None = None) -> list[int]:
    """Score into Parquet; gives how many houses were in the matrix each time that it was scored."""
    held: list[int] = []

    def write(scored: ScoredTable) -> None:
        def note(batches: Iterable[Scores]) -> Iterator[Scores]:
            for each in batches:
                held.append(len(each.totals))
                yield each

        held.clear()
        write_score_parquet(out, scored.questionnaire, note(scored.batches))

    score_into(write, (POLITIE,), TableOfAnswers(path, deviations, NOW.date()))
    return held


@pytest.mark.parametrize("order", ["by house", "by house, in parts", "in none", "backwards at the end"])
@pytest.mark.parametrize("save", [save_parquet, save_csv])
def test_a_file_is_scored_alike_in_any_order(
    tmp_path: Path,
    asked: Questionnaire,
    order: str,
    save: Callable[[Path, list[Row]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assessment.readers.answer_rows._ROWS", 70)
    monkeypatch.setattr("assessment.readers.answer_rows._BLOCK", 1 << 11)
    monkeypatch.setattr("assessment.service.answer_table._HOUSES", 7)
    rows = sorted(make_rows(asked, 60))
    if order == "in none":
        np.random.default_rng(6).shuffle(rows)
    if order == "backwards at the end":
        rows = [*rows[90:], *rows[:90]]
    out = tmp_path / "uit.parquet"
    path = save(tmp_path, rows)

    held = score_into_file(path, out)

    assert held == [7] * 8 + [4]
    scored = parquet.read_table(out).to_pandas()
    whole = tmp_path / "heel.parquet"
    write_score_parquet(whole, *score_table((POLITIE,), TableOfAnswers(path, None, NOW.date())))
    pd.testing.assert_frame_equal(scored, parquet.read_table(whole).to_pandas(), check_exact=True)


def test_a_sorted_file_is_never_held_whole(asked: Questionnaire) -> None:
    rows = pd.DataFrame(sorted(make_rows(asked, 500)), columns=COLUMNS)
    read: list[int] = []

    def read_on() -> Iterator[AnswerRows]:
        for first in range(0, len(rows), 400):
            read.append(first)
            yield code_rows(rows[first : first + 400], np.arange(first, min(first + 400, len(rows))))

    collected = collect_in_order(read_on(), asked, 10)
    first = next(collected)

    assert len(read) < 5
    assert len(first.house_ids) == 10
    rest = list(collected)
    assert [house for each in (first, *rest) for house in each.house_ids] == sorted(set(rows["house_id"]))
    assert sum(each.rows for each in (first, *rest)) == len(rows)


@pytest.mark.parametrize("fault", ["twice", "twice, far apart", "unknown question", "unknown option"])
@pytest.mark.parametrize("save", [save_parquet, save_csv])
def test_a_fault_at_the_end_of_a_sorted_file_leaves_no_file(
    tmp_path: Path,
    asked: Questionnaire,
    fault: str,
    save: Callable[[Path, list[Row]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assessment.readers.answer_rows._ROWS", 70)
    monkeypatch.setattr("assessment.service.answer_table._HOUSES", 7)
    rows = sorted(make_rows(asked, 60))
    house, question, option = rows[-1]
    match fault:
        case "twice":
            rows.append(rows[-1])
        case "twice, far apart":
            rows.append(rows[0])
        case "unknown question":
            rows.append((house, "X.9.9", option))
        case _:
            rows[-1] = (house, question, "z")
    out = tmp_path / "uit.parquet"

    with pytest.raises(AnswerTableError, match=f"rij {len(rows) - 2000}:|regel {len(rows) + 1}:"):
        score_into_file(save(tmp_path, rows), out)

    assert [each.name for each in tmp_path.iterdir()] == [save(tmp_path, rows).name]
