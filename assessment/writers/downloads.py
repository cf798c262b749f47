"""Files to take along: the houses of the register and tables as CSV, and several files as one .zip."""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd

from assessment.model.register import District, House
from assessment.model.sheets import write_as_text

_YES_NO = {True: "ja", False: "nee"}
# What a house chooses itself.
_LEFT_OUT = {"shares_text"}


def write_houses_csv(houses: Iterable[House], versions: Mapping[str, int]) -> bytes:
    """Write houses: UTF-8 with a mark, semicolons, as Dutch Excel opens it."""
    fields = [field for field in House.model_fields if field not in _LEFT_OUT]
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, [*fields, "version"], delimiter=";")
    writer.writeheader()
    for house in houses:
        row = house.model_dump(include=set(fields)) | {"version": versions[house.house_id]}
        writer.writerow({name: _write_cell(value) for name, value in row.items()})
    return stream.getvalue().encode("utf-8-sig")


def write_districts_csv(districts: Iterable[District]) -> bytes:
    """Write districts, as `write_houses_csv`."""
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, list(District.model_fields), delimiter=";")
    writer.writeheader()
    for district in districts:
        writer.writerow({name: _write_cell(value) for name, value in district.model_dump().items()})
    return stream.getvalue().encode("utf-8-sig")


def write_table_csv(table: pd.DataFrame) -> bytes:
    """Write a table as `write_houses_csv`: decimal commas, "ja" and "nee", an empty cell where nothing is."""
    kinds = {name: table[name].dtype.kind for name in table.columns}
    shown = {name: table[name].map(_YES_NO) for name, kind in kinds.items() if kind == "b"}
    shown |= {name: table[name].map(_write_text) for name, kind in kinds.items() if kind in "OU"}
    text = table.assign(**shown).to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    return text.encode("utf-8-sig")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _write_text(text: str) -> str:
    """A text that stays what it is; a day (ISO 8601) may become one, which it is to every program."""
    return text if _DAY.fullmatch(text) else write_as_text(text)


def write_guide(text: str) -> tuple[str, bytes]:
    """A reading guide as the first file of a .zip, as any program opens it."""
    return "LEESMIJ.txt", "\r\n".join(text.splitlines()).encode("utf-8-sig")


def _write_cell(value: object) -> object:
    """A text that no program takes for a formula; a list as one, joined by ";"; else the value as it is."""
    text = ";".join(map(str, value)) if isinstance(value, tuple) else value
    return write_as_text(text) if isinstance(text, str) else text


# The day of a file in a .zip that tells none: the first that there is.
_NO_DAY = datetime(1980, 1, 1)  # noqa: DTZ001 - a .zip knows no time zones


def write_bundle(files: Iterable[tuple[str, bytes]], moment: datetime = _NO_DAY) -> bytes:
    """Write files, each with its name, into one .zip; `moment` is when they were made.

    Returns:
        The bytes of the .zip; the same files give the same bytes.
    """
    stream = BytesIO()
    with ZipFile(stream, "w") as bundle:
        for name, content in files:
            bundle.writestr(ZipInfo(name, moment.timetuple()[:6]), content, ZIP_DEFLATED)
    return stream.getvalue()
