"""What `kaderscan plan` writes: files of each kind, and one file of a unit."""

from collections.abc import Sequence
from pathlib import Path

from assessment.cli.console import format_progress, hand_out, queries
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError
from assessment.model.scale import Actor
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.reports import (
    PlanFile,
    name_all,
    name_plan_file,
    name_unit_bundle,
    write_plan_files,
    write_unit_bundle,
)


def write_files(
    where: Installation, planned: Roadmap, folder: Path, kinds: Sequence[PlanFile], actor: Actor | None
) -> None:
    """Write the plan of each house as each kind of file, a calendar of one actor where that is asked."""
    for house in format_progress(planned.scores.houses, "Plannen schrijven"):
        found = queries(where).find_house_plan(planned, house.house_id)
        for kind, content in write_plan_files(found, kinds, where.settings.reports, actor):
            path = folder / name_plan_file(found, kind, actor)
            hand_out(where, path, content, f"plan/{house.house_id}")
            echo(f"Geschreven: {path}")


def read_kinds(text: str) -> tuple[PlanFile, ...]:
    """Read kinds of files, with a comma between them.

    Raises:
        CommandUsageError: there is no such kind.
    """
    names = dict.fromkeys(each.strip().casefold() for each in text.split(","))
    unknown = [name for name in names if name not in set(PlanFile)]
    if unknown:
        raise CommandUsageError(
            f"--format: '{', '.join(unknown)}' is geen soort bestand. Kies uit: {', '.join(PlanFile)}."
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
    content = write_unit_bundle(planned, plans, where.settings.reports)
    path = folder / name_unit_bundle(planned.scores.round, unit_id)
    hand_out(where, path, content, name_all(planned))
    echo(f"Geschreven: {path}")
