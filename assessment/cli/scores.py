"""Commands on scores: of houses, and of groups of houses."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import (
    FILE,
    format_option,
    hand_out,
    house_option,
    installation,
    perspective_option,
    print_csv,
    print_table,
    queries,
    round_option,
    rules_option,
    unit_option,
)
from assessment.cli.terminal import echo
from assessment.engine.comparison import count_faces
from assessment.errors import CommandUsageError
from assessment.model.frames import Scores
from assessment.model.scale import Perspective, Rules
from assessment.service.answer_table import ScoredTable, TableOfAnswers, score_into, score_table
from assessment.service.clock import today
from assessment.service.computing import Engine, open_dask
from assessment.service.exchange import score_exchange
from assessment.service.reports import DATA_FILES, name_data
from assessment.service.round_scores import RoundScores, Which, compare_houses, refuse_no_answers
from assessment.service.trend import Agenda, Trend
from assessment.tables.groups import describe_faces, list_headlines
from assessment.tables.scores import list_criteria, list_groups, list_houses, list_totals
from assessment.tables.trend import (
    count_criterion_changes,
    describe_agenda,
    describe_changes,
    describe_coverage,
    describe_not_carried,
    list_agenda,
    list_agenda_questions,
    list_agendas,
    list_changes,
    list_criterion_changes,
    list_not_carried,
)
from assessment.writers.json_groups import write_agendas, write_groups, write_trend
from assessment.writers.score_table import write_csv, write_json, write_score_file, write_score_parquet


@click.command
@house_option
@unit_option
@round_option
@perspective_option
@click.option(
    "--framework", "frameworks", multiple=True, type=FILE, metavar="BESTAND", help="Vragenlijst; mag vaker."
)
@click.option(
    "--answers",
    type=FILE,
    metavar="BESTAND",
    help="Tabel: house_id, question_id, option_id (CSV, .xlsx, .ods, Parquet); of de .json uit open data.",
)
@click.option(
    "--deviations", type=FILE, metavar="BESTAND", help="Tabel met wat bewust anders is, in dezelfde vormen."
)
@rules_option("Tel volgens deze regels, om te zien wat zij ervan maken; zonder: de regels van de ronde.")
@format_option
@click.option(
    "-o",
    "--output",
    type=FILE,
    metavar="BESTAND",
    help="Bij --answers: schrijf de uitkomst in dit bestand: .parquet, .csv of .json.",
)
@click.option(
    "--houses", is_flag=True, help="Bij --answers: per huis het geheel, zonder thema's en criteria."
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Bij --answers: waarop wordt gerekend.",
)
@click.option("--scheduler", metavar="ADRES", help="De planner van Dask; zonder: op deze machine.")
def score(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str | None,
    unit_id: str | None,
    round_id: str | None,
    perspective: Perspective,
    frameworks: tuple[Path, ...],
    answers: Path | None,
    deviations: Path | None,
    rules: Rules | None,
    shape: str,
    output: Path | None,
    houses: bool,  # noqa: FBT001
    engine: str,
    scheduler: str | None,
) -> None:
    """Score what is stored, or a table of answers without any database."""
    if answers is not None:
        if (house_id, unit_id, round_id) != (None, None, None):
            raise CommandUsageError("Bij --answers horen --house, --unit en --round niet: alles telt.")
        _refuse_other_kinds(output)
        _refuse_other_rules(answers, frameworks, deviations, rules)
        table = TableOfAnswers(answers, deviations, today())
        hand_out_scored = partial(_hand_out_scores, shape=shape, output=output, whole=not houses)
        with _open_engine(engine, scheduler) as run:
            _score_file(hand_out_scored, frameworks, table, rules, run, prints=output is None)
        return
    if frameworks or deviations or output or houses or scheduler or engine != "local":
        raise CommandUsageError(
            "Geef --framework en --answers samen; --deviations, -o, --houses, --engine en --scheduler "
            "alleen daarbij."
        )
    if house_id is not None and unit_id is not None:
        raise CommandUsageError("Kies één van --house en --unit.")
    chosen = queries().find_scores(Which(round_id, perspective, house_id, unit_id), rules)
    refuse_no_answers(chosen)
    if shape == "table":
        print_table(list_houses(chosen.totals, chosen.register))
        if house_id:
            print_table(list_criteria(chosen.criteria, chosen.questionnaire))
    else:
        stored = ScoredTable(chosen.questionnaire, [Scores(chosen.grid, chosen.totals)])
        _print_scores(stored, shape, whole=True)


def _open_engine(engine: str, scheduler: str | None) -> AbstractContextManager[Engine]:
    if engine == "dask":
        return open_dask(scheduler, os.cpu_count() or 1)
    if scheduler:
        raise CommandUsageError("Bij --scheduler hoort --engine dask.")
    return nullcontext(Engine())


def _refuse_other_rules(
    answers: Path, frameworks: tuple[Path, ...], deviations: Path | None, rules: Rules | None
) -> None:
    """A table is scored by frameworks; a file of open data holds all that it is scored by."""
    if answers.suffix != ".json" and not frameworks:
        raise CommandUsageError("Geef --framework en --answers samen; --deviations alleen daarbij.")
    if answers.suffix == ".json" and (frameworks or deviations or rules):
        raise CommandUsageError(
            "In een .json staat al waarmee is gescoord: laat --framework, --deviations en --rules weg."
        )


def _score_file(  # noqa: PLR0913 - what it is scored by, and what becomes of it
    hand_out_scored: Callable[[ScoredTable], None],
    frameworks: tuple[Path, ...],
    table: TableOfAnswers,
    rules: Rules | None,
    engine: Engine,
    *,
    prints: bool,
) -> None:
    """Score a file; what is printed cannot be taken back, so then all of it is read first."""
    if table.answers.suffix == ".json":
        hand_out_scored(score_exchange(table.answers))
    elif prints:
        hand_out_scored(score_table(frameworks, table, rules, engine))
    else:
        score_into(hand_out_scored, frameworks, table, rules, engine)


_TEXTS = {"json": write_json, "csv": write_csv}
_FILES = (".parquet", ".csv", ".json")


def _refuse_other_kinds(output: Path | None) -> None:
    if output is not None and output.suffix not in _FILES:
        raise CommandUsageError("-o: kies een bestand dat eindigt op .parquet, .csv of .json.")


def _hand_out_scores(scored: ScoredTable, shape: str, output: Path | None, *, whole: bool) -> None:
    if output is None:
        _print_scores(scored, shape, whole=whole)
    else:
        _write_scores(scored, output, whole=whole)
        echo(f"Geschreven: {output}")


def _print_scores(scored: ScoredTable, shape: str, *, whole: bool) -> None:
    if shape == "table":
        totals = pd.concat([scores.totals for scores in scored.batches], ignore_index=True)
        print_table(list_totals(totals))
        return
    for piece in _TEXTS[shape](*scored, whole=whole):
        echo(piece, nl=False)


def _write_scores(scored: ScoredTable, output: Path, *, whole: bool) -> None:
    """Write a file of the kind that its name says, one of `_FILES`."""
    if output.suffix == ".parquet":
        write_score_parquet(output, *scored, whole=whole)
    else:
        write_score_file(output, _TEXTS[output.suffix[1:]](*scored, whole=whole))


@click.command("data")
@house_option
@unit_option
@round_option
@perspective_option
@click.option("-o", "--output", type=FILE, required=True, metavar="BESTAND", help="Een .zip of een .json.")
def open_data(
    house_id: str | None, unit_id: str | None, round_id: str | None, perspective: Perspective, output: Path
) -> None:
    """Write all that may be seen as data: tables with a dictionary, or one file that scores anew."""
    if house_id is not None and unit_id is not None:
        raise CommandUsageError("Kies één van --house en --unit.")
    if output.suffix not in DATA_FILES:
        raise CommandUsageError(f"-o: kies een bestand dat eindigt op {' of '.join(DATA_FILES)}.")
    where = installation()
    found = queries(where).find_open_data(Which(round_id, perspective, house_id, unit_id))
    hand_out(
        where,
        output,
        DATA_FILES[output.suffix](found),
        name_data(found.round.round_id, found.exchange.answers),
    )
    echo(f"Geschreven: {output}")


@click.command
@house_option
@unit_option
@round_option
@click.option(
    "--rounds",
    nargs=2,
    metavar="RONDE RONDE",
    help="Twee rondes, eerst de oudste: wat veranderde het huis, de vragenlijst en de regels.",
)
@click.option("--perspectives", is_flag=True, help="Het huis naast de politie: waarover te praten is.")
@perspective_option
@format_option
def compare(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str | None,
    unit_id: str | None,
    round_id: str | None,
    rounds: tuple[str, str] | None,
    perspectives: bool,  # noqa: FBT001
    perspective: Perspective,
    shape: str,
) -> None:
    """Describe a unit or the country, two rounds, or house beside police; houses are never ranked."""
    if rounds and (perspectives or round_id):
        raise CommandUsageError("Bij --rounds horen --round en --perspectives niet.")
    if house_id and unit_id:
        raise CommandUsageError("Kies één van --house en --unit.")
    if rounds:
        earlier, later = rounds
        trend = queries().compare_rounds(earlier, Which(later, perspective, house_id, unit_id))
        _print_trend(trend, shape, one=house_id is not None)
    elif perspectives:
        _print_agendas(_find_agendas(round_id, house_id, unit_id), shape, one=house_id is not None)
    elif house_id:
        raise CommandUsageError("Bij --house hoort --rounds of --perspectives; zie anders: kaderscan score.")
    else:
        _print_group(Which(round_id, perspective, unit_id=unit_id), shape)


def _print_group(which: Which, shape: str) -> None:
    reader = queries()
    if which.unit_id is None:
        country = reader.find_country(which.round_id, which.perspective)
        chosen, groups = country.scores, country.groups
    else:
        chosen = reader.find_scores(which)
        groups = compare_houses(chosen)
    match shape:
        case "json":
            echo(write_groups(chosen.questionnaire, groups, chosen.headlines))
        case "csv":
            print_csv(groups)
        case _:
            print_table(list_groups(groups, chosen.questionnaire))
            _print_findings(chosen, groups)


def _print_trend(trend: Trend, shape: str, *, one: bool) -> None:
    match shape:
        case "json":
            rounds = (trend.earlier.round.round_id, trend.later.round.round_id)
            covered = {"carried_over": trend.carried, "asked": trend.asked}
            echo(write_trend(rounds, covered, trend.common, trend.changes, trend.criteria))
        case "csv":
            print_csv(trend.changes)
        case _:
            print_table(list_changes(trend.changes, trend.later.register))
            echo(describe_coverage(trend.carried, trend.asked))
            if one:
                echo(describe_changes(trend.criteria))
                print_table(list_criterion_changes(trend.criteria, trend.later.criteria, trend.questionnaire))
            else:
                print_table(count_criterion_changes(trend.criteria, trend.questionnaire))
            echo(f"{describe_not_carried(trend.common)}.")
            if trend.common.others:
                print_table(list_not_carried(trend.common))


def _find_agendas(round_id: str | None, house_id: str | None, unit_id: str | None) -> list[Agenda]:
    if house_id is None:
        return queries().list_agendas(round_id, unit_id)
    return [queries().find_agenda(round_id, house_id)]


def _print_agendas(agendas: list[Agenda], shape: str, *, one: bool) -> None:
    match shape:
        case "json":
            echo(write_agendas((each.house.house_id, each.criteria, each.differences) for each in agendas))
        case "csv":
            print_csv(pd.concat([each.criteria for each in agendas], ignore_index=True))
        case _ if one:
            (agenda,) = agendas
            echo(describe_agenda(agenda.criteria, agenda.differences))
            print_table(list_agenda(agenda.criteria, agenda.questionnaire))
            print_table(list_agenda_questions(agenda.differences, agenda.questionnaire))
        case _:
            print_table(list_agendas((each.house, each.criteria, each.differences) for each in agendas))


def _print_findings(scores: RoundScores, groups: pd.DataFrame) -> None:
    """Print how alike the houses are, and the headlines; nothing by the first rules."""
    if scores.questionnaire.rules is Rules.ONE:
        return
    if said := describe_faces(count_faces(groups, scores.questionnaire)):
        echo(f"{said}.")
    for each in list_headlines(scores.headlines, scores.criteria, scores.questionnaire):
        counted = ", ".join(text for _, text in each.counts)
        echo(f"{each.question.headline}: {counted}. {each.verdict}.")
