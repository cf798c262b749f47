"""A table of answers or of agreed deviations, as CSV or Parquet."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from assessment.errors import AnswerTableError, FileAccessError
from assessment.readers.files import find_separator

ANSWER_COLUMNS = ("house_id", "question_id", "option_id")
DEVIATION_COLUMNS = ("house_id", "criterion_id", "reason", "agreed_by", "until")


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read the named columns as text; an empty cell is an empty text.

    Returns:
        A frame with these columns, and `line`: where each row stands in the file, headings counted.

    Raises:
        FileAccessError: the file cannot be read.
        AnswerTableError: it is no such table, or a column is missing.
    """
    try:
        table = _read(path)
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({error.strerror or error}).") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise AnswerTableError(f"{path}: geen tabel in CSV (UTF-8) of Parquet.") from error
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise AnswerTableError(
            f"{path}: kolommen ontbreken: {', '.join(missing)}. Nodig: {', '.join(columns)}."
        )
    texts = {name: table[name].astype("str").fillna("").str.strip() for name in columns}
    return pd.DataFrame(texts).assign(line=range(2, len(table) + 2))


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.DataFrame(pd.read_parquet(path))
    with path.open(encoding="utf-8-sig") as lines:
        separator = find_separator(lines.readline())
    return pd.DataFrame(
        pd.read_csv(path, sep=separator, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    )
