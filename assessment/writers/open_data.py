"""What somebody may see as data to reckon with: tables with a dictionary, and one file that scores anew."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import NamedTuple

import pandas as pd

from assessment.errors import FrameworkError
from assessment.model.answers import Submission
from assessment.model.decisions import FIELD_WORDS, PlanLine
from assessment.model.exchange import Exchange
from assessment.model.frames import DEVIATIONS
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.texts import ColumnTexts, OpenDataTexts
from assessment.tables.plans import name_quarters, write_reasons
from assessment.writers.downloads import write_guide, write_table_csv

_EXCHANGE = "kaderscan.json"


class OpenData(NamedTuple):
    """What somebody may see of houses in a round.

    `totals` is HOUSE_SCORES, `themes` THEME_SCORES, `criteria` CRITERION_SCORES and `answers` ANSWERS of
    `submissions`, without texts where the visitor may not read them, as `lines`: what was decided on plans.
    `measures` is ROADMAP, `steps` STEPS, `hold_ups` HOLD_UPS and `estimates` ESTIMATES of quarters from
    `begin`. `groups` is GROUPS and `counts` HEADLINES of the inventory, without rows where the visitor may
    not see groups. What was agreed holds on the day `as_of`; `exchange` scores the answers anew.
    """

    round: Round
    questionnaire: Questionnaire
    register: Register
    totals: pd.DataFrame
    themes: pd.DataFrame
    criteria: pd.DataFrame
    answers: pd.DataFrame
    submissions: tuple[Submission, ...]
    as_of: date
    begin: Quarter
    measures: pd.DataFrame
    lines: tuple[PlanLine, ...]
    steps: pd.DataFrame
    hold_ups: pd.DataFrame
    estimates: pd.DataFrame
    groups: pd.DataFrame
    counts: pd.DataFrame
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
        "toelichtingen": _list_written(data.submissions),
        "afwijkingen": _list_agreed(data),
        "maatregelen": name_quarters(write_reasons(data.measures, begin, asked), begin),
        "besluiten": _list_decided(data.lines),
        "stappen": data.steps,
        "uitloop": name_quarters(data.hold_ups, begin).astype({"last": "str"}),
        "wanneer": data.estimates.assign(**when),
        "groepen": data.groups,
        "inventarisatie": data.counts,
    }


_WHEN = ("likely", "at_80", "if_nothing_goes_wrong")


def _describe_houses(data: OpenData) -> pd.DataFrame:
    handed_in = {each.house_id: each for each in data.submissions}
    houses = [data.register.house[house_id] for house_id in data.totals["house_id"]]
    described = pd.DataFrame(
        [_describe_house(house, data.register, handed_in[house.house_id]) for house in houses]
    )
    return pd.concat([described, data.totals.drop(columns="house_id").reset_index(drop=True)], axis="columns")


def _describe_house(house: House, register: Register, submission: Submission) -> dict[str, object]:
    return {
        "house_id": house.house_id,
        "title": house.title,
        "unit_id": house.unit_id,
        "unit": register.unit[house.unit_id].title,
        "invented": house.invented,
        "perspective": submission.perspective.value,
        "version": submission.version,
        "handed_in": submission.handed_in.date().isoformat(),
    }


def _list_written(submissions: Iterable[Submission]) -> pd.DataFrame:
    """What was written beside answers, and at questions without options."""
    rows = [
        (submission.house_id, each.question_id, each.explanation, each.evidence)
        for submission in submissions
        for each in submission.answers
        if each.explanation or each.evidence
    ]
    return pd.DataFrame(rows, columns=["house_id", "question_id", "explanation", "evidence"])


def _list_agreed(data: OpenData) -> pd.DataFrame:
    """What was agreed to be otherwise and is in force."""
    rows = [
        (submission.house_id, each.criterion_id, each.until.isoformat(), each.reason, each.agreed_by)
        for submission in data.submissions
        for each in sorted(submission.deviations, key=lambda each: each.criterion_id)
        if each.in_force(data.as_of)
    ]
    return pd.DataFrame(rows, columns=[*DEVIATIONS.columns, "until", "reason", "agreed_by"])


def _list_decided(lines: Iterable[PlanLine]) -> pd.DataFrame:
    """What was decided on measures; a field that is left to the planner is empty."""
    told = ({name: _write(getattr(each, name)) for name in _DECIDED} for each in lines)
    return pd.DataFrame(told, columns=list(_DECIDED)).astype(_DECIDED)


# A frame without rows knows no types of itself.
_DECIDED = dict.fromkeys(("house_id", "measure_id", *FIELD_WORDS), "str") | {"taken": "bool"}


def _write(value: object) -> object:
    """A day as jjjj-mm-dd, a quarter by its name, nothing as an empty text."""
    return value if isinstance(value, bool) else str("" if value is None else value)


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
