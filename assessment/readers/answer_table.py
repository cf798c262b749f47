"""A table of answers or of agreed deviations, as CSV or Parquet."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from assessment.errors import AnswerTableError, FileAccessError, say_reason
from assessment.readers.files import find_separator

ANSWER_COLUMNS = ("house_id", "question_id", "option_id")
DEVIATION_COLUMNS = ("house_id", "criterion_id", "reason", "agreed_by", "until")
_MOST_LINES = 20
_BEYOND = "beyond the headings"


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read the named columns as text; an empty cell is an empty text, an empty row is left out.

    Returns:
        A frame with these columns, and `line`: where each row stands in the file, headings counted.

    Raises:
        FileAccessError: the file cannot be read.
        AnswerTableError: it is no such table, a column is missing, or a row is longer than the headings.
    """
    try:
        table = _read(path)
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({say_reason(error)}).") from error
    except (ValueError, csv.Error) as error:
        raise AnswerTableError(
            f"{path}: geen tabel in CSV (UTF-8) of Parquet, of een regel heeft te veel kolommen."
        ) from error
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise AnswerTableError(
            f"{path}: kolommen ontbreken: {', '.join(missing)}. Nodig: {', '.join(columns)}."
        )
    texts = pd.DataFrame({name: _as_texts(cells) for name, cells in table.items()})
    filled = texts.assign(line=_number_lines(texts))[(texts != "").any(axis=1)].reset_index(drop=True)
    _refuse_longer_rows(path, filled)
    return filled[[*columns, "line"]]


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.DataFrame(pd.read_parquet(path))
    with path.open(encoding="utf-8-sig", newline="") as lines:
        first = lines.readline()
    separator = find_separator(first)
    headings = next(csv.reader([first], delimiter=separator), [])
    named = [heading.strip() or f"column {place}" for place, heading in enumerate(headings, 1)]
    return pd.DataFrame(
        pd.read_csv(
            path,
            sep=separator,
            names=[*named, _BEYOND],
            skiprows=1,
            index_col=False,
            skip_blank_lines=False,
            dtype="str",
            keep_default_na=False,
            encoding="utf-8-sig",
        )
    )


def _as_texts(cells: pd.Series) -> pd.Series:
    return cells.astype("str").fillna("").str.strip()


def _number_lines(texts: pd.DataFrame) -> pd.Series:
    """The line at which each row begins; a cell may hold several lines."""
    lines = pd.Series(1, index=texts.index, dtype="int64")
    for name in texts.columns:
        lines += texts[name].str.count("\n")
    return lines.cumsum().shift(fill_value=0) + 2


def _refuse_longer_rows(path: Path, filled: pd.DataFrame) -> None:
    """Refuse a row with something beyond the last heading: its cells may have shifted."""
    longer = filled[filled[_BEYOND] != ""] if _BEYOND in filled else filled.head(0)
    if not longer.empty:
        lines = ", ".join(map(str, longer["line"].head(_MOST_LINES)))
        raise AnswerTableError(f"{path}: te veel kolommen op regel {lines}.")
