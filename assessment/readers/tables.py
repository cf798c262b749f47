"""Tables as files that people can open, in text or a workbook: the register, answers and deviations."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar, get_args

import pandas as pd
from pydantic import BaseModel, PositiveInt, ValidationError

from assessment.errors import AnswerTableError, NotAWorkbookError, RegisterError, UnsafeFileError, UserError
from assessment.model.register import District, House, Round, Unit
from assessment.model.sheets import read_harmless
from assessment.model.wording import read_day, tidy
from assessment.readers.delimited import BrokenTableError, Line, read_lines
from assessment.readers.files import describe_faults, read_bytes

Model = TypeVar("Model", bound=BaseModel)


class TableFile(NamedTuple):
    """A table that somebody sent: what it is called, and its bytes."""

    name: str
    content: bytes

    def __str__(self) -> str:
        """As a fault names it."""
        return self.name


Source: TypeAlias = Path | TableFile
# How a workbook begins, and no table in text.
_ZIP = b"PK\x03\x04"


def read_units(path: Path) -> tuple[Unit, ...]:
    """Read police units; `regions` is a list joined by ";".

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    return _read_models(path, Unit, lists=("regions",))


def read_districts(path: Path) -> tuple[District, ...]:
    """Read districts of police units.

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    return _read_models(path, District)


class HouseLine(NamedTuple):
    """A house as a file has it, and which version of it the file was made from; 0 where it does not say."""

    house: House
    seen: int


class _VersionedHouse(House):
    version: PositiveInt | None = None


def read_houses(path: Path) -> tuple[House, ...]:
    """As `read_house_lines`, without the versions."""
    return tuple(line.house for line in read_house_lines(path))


def read_house_lines(path: Source) -> tuple[HouseLine, ...]:
    """Read houses; an empty date is one that no source confirms. What a house shares is not in a file.

    Districts (by id) and basisteams (by name) are lists joined by ";".

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    read = _read_models(path, _VersionedHouse, lists=("districts", "teams"), shares_text=False)
    return tuple(HouseLine(House(**each.model_dump(exclude={"version"})), each.version or 0) for each in read)


def read_rounds(path: Path, house_ids: tuple[str, ...]) -> tuple[Round, ...]:
    """Read rounds that each concern the same houses; `frameworks` is a list joined by ";".

    Raises:
        RegisterError: a line is not sound; one line per fault.
    """
    return _read_models(path, Round, lists=("frameworks",), house_ids=house_ids)


def _read_models(
    path: Source, model: type[Model], *, lists: tuple[str, ...] = (), **more: object
) -> tuple[Model, ...]:
    faults: list[str] = []
    read: list[Model] = []
    meanings = _find_meanings(model)
    for number, line in _read_facts(path, model, set(more)):
        said = {field: text for field, text in line.items() if text}
        meant = {field: read(said[field]) for field, read in meanings.items() if field in said}
        given = {**said, **meant, **more}
        for field in lists:
            given[field] = [part.strip() for part in line.get(field, "").split(";") if part.strip()]
        try:
            read.append(model.model_validate(given))
        except ValidationError as error:
            faults += [f"{path}, regel {number}: {fault}" for fault in describe_faults(error.errors(), given)]
    if faults:
        raise RegisterError("\n".join(faults))
    return tuple(read)


_YES_NO = {"waar": True, "ja": True, "onwaar": False, "nee": False}
_MEANINGS: Mapping[type, Callable[[str], object]] = {
    # In quotes what is no day stays none: the model takes a bare number for seconds since 1970.
    date: lambda text: read_day(text) or f"'{text}'",
    bool: lambda text: _YES_NO.get(tidy(text), text),
}


def _find_meanings(model: type[BaseModel]) -> dict[str, Callable[[str], object]]:
    """How the text of a field is understood, by its name; of other fields the text is what it says."""
    return {
        name: read
        for name, field in model.model_fields.items()
        for kind, read in _MEANINGS.items()
        if kind in {field.annotation, *_list_parts(field.annotation)}
    }


def _list_parts(annotation: object) -> Iterator[object]:
    """The types that a type is made of: date of `Day | None`."""
    for part in get_args(annotation):
        yield part
        yield from _list_parts(part)


def _read_facts(
    path: Source, model: type[BaseModel], elsewhere: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give every line that says something, by its headings, with its number."""
    fields = [name for name in model.model_fields if name not in elsewhere]
    headings, lines = _read_filled(path, fields, RegisterError)
    _refuse_headings(path, headings, model, elsewhere)
    for number, cells in lines:
        yield number, _pair(headings, [read_harmless(cell.strip()) for cell in cells])


def _read_filled(
    path: Source, columns: Collection[str], refusal: type[UserError]
) -> tuple[list[str], list[Line]]:
    """The headings of a table, and every line below them in which something stands."""
    try:
        lines = _read_rows(path, columns)
    except BrokenTableError as error:
        raise refusal(f"{path}, {error}") from error
    except (NotAWorkbookError, UnsafeFileError) as error:
        raise refusal(
            f"{path}: dit bestand is niet te lezen. Open het in Excel of LibreOffice en bewaar de tabel als "
            ".xlsx, .ods of 'CSV UTF-8'."
        ) from error
    filled = [line for line in lines if any(map(str.strip, line.cells))]
    return list(map(tidy, filled[0].cells)) if filled else [], filled[1:]


def _read_rows(path: Source, columns: Collection[str]) -> list[Line]:
    content = path.content if isinstance(path, TableFile) else read_bytes(path)
    if not content.startswith(_ZIP):
        return read_lines(content, columns)
    from assessment.readers.workbook import read_sheet  # noqa: PLC0415 - slow to load, and seldom needed

    return read_sheet(content, str(path), columns)


def _pair(headings: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """The text under each heading; what stands under none is a fault of its own."""
    paired = list(zip_longest(headings, texts, fillvalue=""))
    beyond = " ".join(text for heading, text in paired if text and not heading)
    facts = {heading: text for heading, text in paired if heading}
    return facts | ({f"'{beyond}', onder geen kopje,": beyond} if beyond else {})


def _refuse_headings(
    path: Source, headings: list[str], model: type[BaseModel], elsewhere: Collection[str]
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


ANSWER_COLUMNS = ("house_id", "question_id", "option_id")
DEVIATION_COLUMNS = ("house_id", "criterion_id", "reason", "agreed_by", "until")
_MOST_LINES = 20
_LINE = "line"


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read the named columns as text; an empty cell is an empty text, an empty row is left out.

    Returns:
        A frame with these columns, and `line`: where each row stands in the file, headings counted.

    Raises:
        FileAccessError: the file cannot be read.
        AnswerTableError: it is no such table, a column is missing or there twice, or a row is longer than
            the headings.
    """
    table = _read_parquet(path) if path.suffix == ".parquet" else _read_text(path, columns)
    refuse_columns(path, list(table.columns), columns)
    texts = table[[*columns, _LINE]]
    return texts[(texts[list(columns)] != "").any(axis=1)].reset_index(drop=True)


def refuse_columns(path: Path, named: Sequence[str], columns: Sequence[str]) -> None:
    """Refuse a table in which one of these columns is missing or there twice.

    Raises:
        AnswerTableError: naming them.
    """
    faults = {
        "ontbreken": [name for name in columns if name not in named],
        "staan er dubbel": [name for name in columns if named.count(name) > 1],
    }
    for fault, names in faults.items():
        if names:
            raise AnswerTableError(
                f"{path}: kolommen {fault}: {', '.join(names)}. Nodig: {', '.join(columns)}."
            )


def _read_parquet(path: Path) -> pd.DataFrame:
    """All columns as text; a row stands on the line that it would have in a CSV."""
    try:
        table = pd.read_parquet(BytesIO(read_bytes(path)))
    except ValueError as error:
        raise AnswerTableError(f"{path}: geen tabel in Parquet.") from error
    texts = {name: cells.astype("str").fillna("").str.strip() for name, cells in table.items()}
    return pd.DataFrame(texts).assign(**{_LINE: range(2, len(table) + 2)})


def _read_text(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    headings, lines = _read_filled(path, columns, AnswerTableError)
    width = len(headings)
    _refuse_longer_rows(path, lines, width)
    rows = [[*map(str.strip, line.cells), *[""] * (width - len(line.cells))][:width] for line in lines]
    table = pd.DataFrame(rows, columns=headings, dtype="str")
    return table.assign(**{_LINE: [line.number for line in lines]})


def _refuse_longer_rows(path: Path, lines: Iterable[Line], width: int) -> None:
    """Refuse a row with something beyond the last heading: its cells may have shifted."""
    longer = [line.number for line in lines if any(cell.strip() for cell in line.cells[width:])]
    if longer:
        told = ", ".join(map(str, longer[:_MOST_LINES]))
        raise AnswerTableError(f"{path}: te veel kolommen op regel {told}.")
