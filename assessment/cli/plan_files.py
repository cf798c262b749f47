"""What leaves as files: what `kaderscan plan` writes, and the command that writes reports."""

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from assessment.cli.console import (
    FILE,
    format_progress,
    hand_out,
    house_option,
    installation,
    perspective_option,
    queries,
    round_option,
)
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError
from assessment.model.document import Document, name_file
from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.queries import Queries
from assessment.service.reports import (
    ON_PAPER,
    PlanFile,
    list_written_kinds,
    name_all,
    name_plan_file,
    name_unit_bundle,
    write_document,
    write_plan_files,
    write_unit_bundle,
)
from assessment.service.round_scores import Which
from assessment.tables.joint_agenda import compose_joint_agenda
from assessment.tables.national import compose_national
from assessment.tables.plan_document import compose_partners

_WRITING = "Plannen schrijven"


def write_files(
    where: Installation, planned: Roadmap, folder: Path, kinds: Sequence[PlanFile], actor: Actor | None
) -> None:
    """Write the plan of each house as each kind of file, a calendar of one actor where that is asked."""
    for house in format_progress(planned.scores.houses, _WRITING):
        found = queries(where).find_house_plan(planned, house.house_id)
        written = list_written_kinds(found, kinds, actor)
        for kind, content in write_plan_files(found, written, where.settings.reports, actor):
            path = folder / name_plan_file(found, kind, actor)
            hand_out(where, path, content, f"plan/{house.house_id}")
            echo(f"Geschreven: {path}")
        if len(written) < len(kinds):
            echo(f"{house.title}: er is niets om in een agenda te zetten, dus die is niet geschreven.")


def read_kinds(text: str, known: Collection[PlanFile] = tuple(PlanFile)) -> tuple[PlanFile, ...]:
    """Read kinds of files, with a comma between them; of those that there are.

    Raises:
        CommandUsageError: there is no such kind.
    """
    names = dict.fromkeys(each.strip().casefold() for each in text.split(","))
    unknown = [name for name in names if name not in set(known)]
    if unknown:
        raise CommandUsageError(
            f"--format: '{', '.join(unknown)}' is geen soort bestand. Kies uit: {', '.join(known)}."
        )
    return tuple(map(PlanFile, names))


def read_actor(text: str | None, actors: Sequence[Actor]) -> Actor | None:
    """Read whose calendar is meant.

    Raises:
        CommandUsageError: nobody is called so.
    """
    known = {actor.casefold(): actor for actor in actors}
    if text is not None and text.strip().casefold() not in known:
        raise CommandUsageError(f"--actor: '{text}' is niemand. Kies uit: {', '.join(actors)}.")
    return None if text is None else known[text.strip().casefold()]


def write_bundled(where: Installation, planned: Roadmap, folder: Path, unit_id: str) -> None:
    """Write everything of a unit as one file, and tell the audit trail of each plan in it."""
    plans = queries(where).list_house_plans(planned)
    follow = partial(format_progress, what=_WRITING)
    content = write_unit_bundle(planned, plans, where.settings.reports, follow)
    path = folder / name_unit_bundle(planned.scores.round, unit_id)
    hand_out(where, path, content, name_all(planned.scores.houses))
    echo(f"Geschreven: {path}")


@click.command
@house_option
@click.option("--all", "everywhere", is_flag=True, help="Het landelijk rapport; het noemt geen huis.")
@click.option(
    "--driehoek",
    "for_driehoek",
    is_flag=True,
    help="Met --house: de gezamenlijke agenda voor de driehoek, op één bladzijde.",
)
@round_option
@perspective_option
@click.option(
    "--format",
    "kinds",
    default=",".join(ON_PAPER),
    show_default=True,
    metavar="SOORT,…",
    callback=lambda _context, _option, text: read_kinds(text, ON_PAPER),
    help=f"Soorten bestanden, met een komma ertussen: {', '.join(ON_PAPER)}.",
)
@click.option("-o", "--output", type=FILE, required=True, metavar="MAP", help="De map voor de bestanden.")
def report(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str | None,
    everywhere: bool,  # noqa: FBT001 - as the command line gives it
    for_driehoek: bool,  # noqa: FBT001 - as above
    round_id: str | None,
    perspective: Perspective,
    kinds: tuple[PlanFile, ...],
    output: Path,
) -> None:
    """Write a report on a house, to its partners or to its driehoek, or the one on all houses together."""
    if (house_id is not None) == everywhere:
        raise CommandUsageError("Kies één van --house en --all.")
    if for_driehoek and everywhere:
        raise CommandUsageError("--driehoek gaat over één huis: geef --house.")
    where = installation()
    found, which = queries(where), Which(round_id, perspective, house_id)
    if house_id is None:
        paper = _compose_nation(found, which)
    elif for_driehoek:
        paper = _compose_joint_agenda(found, which, house_id)
    else:
        paper = _compose_partners(found, which, house_id)
    for kind in kinds:
        path = output / f"{paper.name}.{kind}"
        hand_out(where, path, write_document(paper.document, kind, where.settings.reports), paper.told)
        echo(f"Geschreven: {path}")


class _Paper(NamedTuple):
    """A report: what its files are called, what the trail calls it, and what it says."""

    name: str
    told: str
    document: Document


def _compose_nation(found: Queries, which: Which) -> _Paper:
    nation = found.find_nation(which.round_id, which.perspective)
    return _Paper(nation.name, f"national/{nation.round.round_id}", compose_national(nation))


def _compose_joint_agenda(found: Queries, which: Which, house_id: str) -> _Paper:
    agenda = found.find_joint_agenda(which.round_id, which.perspective, house_id)
    return _Paper(agenda.name, f"agenda/{house_id}", compose_joint_agenda(agenda))


def _compose_partners(found: Queries, which: Which, house_id: str) -> _Paper:
    planned = found.find_roadmap(which)
    plan, card = found.find_house_plan(planned, house_id), found.find_delivery(planned, house_id)
    name = name_file("partners", planned.scores.round.round_id, house_id)
    return _Paper(name, f"partners/{house_id}", compose_partners(plan, card))
