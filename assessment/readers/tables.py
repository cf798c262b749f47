"""Tables as files that people can open: the register as CSV, answers and deviations as CSV or Parquet."""

import csv
from collections.abc import Collection, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TypeVar

import pandas as pd
from pydantic import BaseModel, PositiveInt, ValidationError

from assessment.errors import AnswerTableError, FileAccessError, RegisterError, describe_reason
from assessment.model.register import House, Round, Unit
from assessment.model.sheets import read_harmless
from assessment.readers.files import describe_faults, find_separator, read_bytes

Model = TypeVar("Model", bound=BaseModel)


def read_units(path: Path) -> tuple[Unit, ...]:
    """Read police units; `regions` is a list joined by ";".

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    return _read_models(path, Unit, lists=("regions",))


class HouseLine(NamedTuple):
    """A house as a file has it, and which version of it the file was made from; 0 where it does not say."""

    house: House
    seen: int


class _VersionedHouse(House):
    version: PositiveInt | None = None


def read_houses(path: Path) -> tuple[House, ...]:
    """As `read_house_lines`, without the versions."""
    return tuple(line.house for line in read_house_lines(path))


def read_house_lines(path: Path) -> tuple[HouseLine, ...]:
    """Read houses; an empty date is one that no source confirms. What a house shares is not in a file.

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    read = _read_models(path, _VersionedHouse, shares_text=False)
    return tuple(HouseLine(House(**each.model_dump(exclude={"version"})), each.version or 0) for each in read)


def read_rounds(path: Path, house_ids: tuple[str, ...]) -> tuple[Round, ...]:
    """Read rounds that each concern the same houses; `frameworks` is a list joined by ";".

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    return _read_models(path, Round, lists=("frameworks",), house_ids=house_ids)


def _read_models(
    path: Path, model: type[Model], *, lists: tuple[str, ...] = (), **more: object
) -> tuple[Model, ...]:
    faults: list[str] = []
    read: list[Model] = []
    for number, line in _lines(path, model, set(more)):
        given: dict[str, object] = {field: text for field, text in line.items() if text} | more
        for field in lists:
            given[field] = [part.strip() for part in line.get(field, "").split(";") if part.strip()]
        try:
            read.append(model.model_validate(given))
        except ValidationError as error:
            faults += [f"{path}, regel {number}: {fault}" for fault in describe_faults(error.errors(), given)]
    if faults:
        raise RegisterError("\n".join(faults))
    return tuple(read)


def _lines(
    path: Path, model: type[BaseModel], elsewhere: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give every line with its number; accepts ";" or "," and a byte order mark, as Excel saves."""
    text = _decode(path)
    separator = find_separator(text.partition("\n")[0])
    lines = csv.DictReader(StringIO(text), delimiter=separator, restkey="te veel kolommen")
    _refuse_headings(path, list(lines.fieldnames or []), model, elsewhere)
    for line in lines:
        yield lines.line_num, {name: _as_text(value) for name, value in line.items()}


def _refuse_headings(
    path: Path, headings: list[str], model: type[BaseModel], elsewhere: Collection[str]
) -> None:
    """Refuse a file of something else in one line, not in one for each of its rows."""
    fields = {name: field for name, field in model.model_fields.items() if name not in elsewhere}
    needed = [name for name, field in fields.items() if field.is_required()]
    named = [heading for heading in headings if heading]
    faults = {
        "ontbreekt": [name for name in needed if name not in named],
        "onbekend": [name for name in named if name not in fields],
        "dubbel": sorted({name for name in named if named.count(name) > 1}),
    }
    told = [f"{fault}: {', '.join(names)}" for fault, names in faults.items() if names]
    if told:
        raise RegisterError(f"{path}, kopregel: {'; '.join(told)}. Kolommen zijn: {', '.join(fields)}.")


def _as_text(value: str | list[str] | None) -> str:
    """One cell; several where a line has more cells than there are headings, none where it has fewer."""
    return " ".join(value) if isinstance(value, list) else read_harmless(value or "")


def _decode(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RegisterError(f"{path}: geen UTF-8. Bewaar het bestand als 'CSV UTF-8'.") from error


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
        table = _read_answers(path)
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({describe_reason(error)}).") from error
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


def _read_answers(path: Path) -> pd.DataFrame:
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
