"""What somebody may see as data to reckon with: tables with a dictionary, and one file that scores anew."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import NamedTuple

import pandas as pd

from assessment.errors import FrameworkError
from assessment.model.exchange import Exchange
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.texts import ColumnTexts, OpenDataTexts
from assessment.tables.plans import name_quarters, write_reasons
from assessment.writers.downloads import write_guide, write_table_csv

_EXCHANGE = "kaderscan.json"


class OpenData(NamedTuple):
    """What somebody may see of houses in a round.

    `totals` is HOUSE_SCORES, `themes` THEME_SCORES, `criteria` CRITERION_SCORES, `answers` ANSWERS,
    `deviations` DEVIATIONS in force, `measures` ROADMAP and `estimates` ESTIMATES of quarters from `begin`,
    `groups` GROUPS, without rows where the visitor may not see groups; `exchange` scores them anew.
    """

    round: Round
    questionnaire: Questionnaire
    register: Register
    totals: pd.DataFrame
    themes: pd.DataFrame
    criteria: pd.DataFrame
    answers: pd.DataFrame
    deviations: pd.DataFrame
    begin: Quarter
    measures: pd.DataFrame
    estimates: pd.DataFrame
    groups: pd.DataFrame
    texts: OpenDataTexts
    exchange: Exchange


def list_tables(data: OpenData) -> dict[str, pd.DataFrame]:
    """The tables, each by its name; figures unrounded, quarters by name, reasons in words."""
    asked, begin = data.questionnaire, data.begin
    when = {name: [str(begin + int(each)) for each in data.estimates[name]] for name in _WHEN}
    return {
        "huizen": _describe_houses(data),
        "themas": data.themes,
        "criteria": data.criteria,
        "antwoorden": data.answers,
        "afwijkingen": data.deviations,
        "maatregelen": name_quarters(write_reasons(data.measures, begin, asked), begin),
        "wanneer": data.estimates.assign(**when),
        "groepen": data.groups,
    }


_WHEN = ("likely", "at_80", "if_nothing_goes_wrong")


def _describe_houses(data: OpenData) -> pd.DataFrame:
    houses = [data.register.house[house_id] for house_id in data.totals["house_id"]]
    described = pd.DataFrame([_describe_house(house, data.register) for house in houses])
    return pd.concat([described, data.totals.drop(columns="house_id").reset_index(drop=True)], axis="columns")


def _describe_house(house: House, register: Register) -> dict[str, object]:
    return {
        "house_id": house.house_id,
        "title": house.title,
        "unit_id": house.unit_id,
        "unit": register.unit[house.unit_id].title,
        "invented": house.invented,
    }


def list_dictionary(tables: Mapping[str, pd.DataFrame], texts: OpenDataTexts) -> pd.DataFrame:
    """What each column of each table holds, one row a column.

    Raises:
        FrameworkError: a column has no words, or there are words for what is not there.
    """
    rows, missing, unknown = [], [], sorted(texts.tables.keys() - tables.keys())
    for name, table in tables.items():
        own = texts.tables[name].columns if name in texts.tables else {}
        known = texts.common | own
        unknown += [f"{name}.{column}" for column in own if column not in table]
        missing += [f"{name}.{column}" for column in table if column not in known]
        rows += [_describe_column(name, c, table, known[c]) for c in table if c in known]
    faults = {"onbekend": unknown, "ontbreekt": missing}
    told = [f"{fault}: {', '.join(names)}" for fault, names in faults.items() if names]
    if told:
        raise FrameworkError(f"open_data.yaml, tables: {'; '.join(told)}.")
    return pd.DataFrame(rows)


def _describe_column(name: str, column: str, table: pd.DataFrame, texts: ColumnTexts) -> dict[str, str]:
    return {
        "tabel": name,
        "kolom": column,
        "Nederlands": texts.dutch,
        "English": texts.english,
        "soort": _KINDS[table[column].dtype.kind],
        "eenheid": texts.unit,
        "bereik": texts.range,
        "bron": texts.source,
    }


_KINDS = {"O": "tekst", "U": "tekst", "i": "geheel getal", "f": "getal", "b": "ja of nee"}


def list_open_files(data: OpenData) -> Iterator[tuple[str, bytes]]:
    """The files of open data, each by its name.

    Raises:
        FrameworkError: as `list_dictionary`.
    """
    tables = list_tables(data)
    dictionary = list_dictionary(tables, data.texts)
    yield write_guide(data.texts.guide)
    yield "woordenboek.csv", write_table_csv(dictionary)
    yield _EXCHANGE, write_exchange(data.exchange)
    for name, table in tables.items():
        yield f"csv/{name}.csv", write_table_csv(table)
        yield f"parquet/{name}.parquet", _write_parquet(table)


def _write_parquet(table: pd.DataFrame) -> bytes:
    stream = BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


def write_exchange(exchange: Exchange) -> bytes:
    """Write the file that scores anew."""
    text = json.dumps(exchange.model_dump(mode="json"), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()
