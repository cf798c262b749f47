"""Commands on scores: of houses, and of groups of houses."""

from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import (
    FILE,
    format_option,
    house_option,
    perspective_option,
    print_csv,
    print_table,
    queries,
    round_option,
    rules_option,
    unit_option,
)
from assessment.engine.comparison import count_faces
from assessment.errors import CommandUsageError
from assessment.model.scale import Perspective, Rules
from assessment.service.answer_table import Scored, score_table
from assessment.service.clock import today
from assessment.service.round_scores import RoundScores, Which, compare_houses, refuse_no_answers
from assessment.tables.groups import describe_faces, list_headlines
from assessment.tables.scores import list_criteria, list_groups, list_houses, list_totals
from assessment.writers.json_output import write_groups, write_scores


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
    help="Tabel: house_id, question_id, option_id (CSV of Parquet).",
)
@click.option(
    "--deviations", type=FILE, metavar="BESTAND", help="Tabel met wat bewust anders is (CSV of Parquet)."
)
@rules_option("Tel volgens deze regels, om te zien wat zij ervan maken; zonder: de regels van de ronde.")
@format_option
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
) -> None:
    """Score what is stored, or a table of answers without any database."""
    if bool(frameworks) != (answers is not None) or (deviations is not None and answers is None):
        raise CommandUsageError("Geef --framework en --answers samen; --deviations alleen daarbij.")
    if house_id is not None and unit_id is not None:
        raise CommandUsageError("Kies één van --house en --unit.")
    if answers is not None and (house_id, unit_id, round_id) != (None, None, None):
        raise CommandUsageError("Bij --answers horen --house, --unit en --round niet: de hele tabel telt.")
    if answers is not None:
        _print_scores(score_table(frameworks, answers, deviations, today(), rules), shape)
        return
    chosen = queries().find_scores(Which(round_id, perspective, house_id, unit_id), rules)
    refuse_no_answers(chosen)
    if shape == "table":
        print_table(list_houses(chosen.totals, chosen.register))
        if house_id:
            print_table(list_criteria(chosen.criteria, chosen.questionnaire))
    else:
        _print_scores(Scored(chosen.questionnaire, chosen.totals, chosen.themes, chosen.criteria), shape)


def _print_scores(scored: Scored, shape: str) -> None:
    match shape:
        case "json":
            click.echo(write_scores(scored.questionnaire, scored.totals, scored.themes, scored.criteria))
        case "csv":
            print_csv(scored.criteria[["house_id", "criterion_id", "low", "high", "verdict"]])
        case _:
            print_table(list_totals(scored.totals))


@click.command
@unit_option
@round_option
@perspective_option
@format_option
def compare(unit_id: str | None, round_id: str | None, perspective: Perspective, shape: str) -> None:
    """Describe a unit or the country; houses are never ranked."""
    reader = queries()
    if unit_id is None:
        country = reader.find_country(round_id, perspective)
        chosen, groups = country.scores, country.groups
    else:
        chosen = reader.find_scores(Which(round_id, perspective, unit_id=unit_id))
        groups = compare_houses(chosen)
    match shape:
        case "json":
            click.echo(write_groups(chosen.questionnaire, groups, chosen.headlines))
        case "csv":
            print_csv(groups)
        case _:
            print_table(list_groups(groups, chosen.questionnaire))
            _print_findings(chosen, groups)


def _print_findings(scores: RoundScores, groups: pd.DataFrame) -> None:
    """Print how alike the houses are, and the headlines; nothing by the first rules."""
    if scores.questionnaire.rules is Rules.ONE:
        return
    if said := describe_faces(count_faces(groups, scores.questionnaire)):
        click.echo(f"{said}.")
    for each in list_headlines(scores.headlines, scores.criteria, scores.questionnaire):
        counted = ", ".join(text for _, text in each.counts)
        click.echo(f"{each.question.headline}: {counted}. {each.verdict}.")
