"""The houses of the register as CSV, with the version of each, to change and take over again."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from assessment.model.register import House
from assessment.model.sheets import write_harmless

_LEFT_OUT = {"shares_text"}
"""What a house chooses itself."""


def write_houses_csv(houses: Iterable[House], versions: Mapping[str, int]) -> bytes:
    """Write houses: UTF-8 with a mark, semicolons, as Dutch Excel opens it."""
    fields = [field for field in House.model_fields if field not in _LEFT_OUT]
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, [*fields, "version"], delimiter=";")
    writer.writeheader()
    for house in houses:
        row = house.model_dump(mode="json", include=set(fields)) | {"version": versions[house.house_id]}
        texts = {name: write_harmless(value) for name, value in row.items() if isinstance(value, str)}
        writer.writerow(row | texts)
    return stream.getvalue().encode("utf-8-sig")
