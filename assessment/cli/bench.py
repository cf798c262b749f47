"""The command that measures this machine against yardsticks."""

import os

import click
import pandas as pd

from assessment.cli.console import Decorator, format_option, format_progress, print_csv, print_table
from assessment.cli.terminal import echo
from assessment.service.bench.documents import MEASURED, measure_documents
from assessment.service.bench.intake import Measured, measure_intake
from assessment.service.bench.processes import Process
from assessment.service.bench.roadmap import KINDS, Calibrated, Compared, measure_calibration, measure_roadmap
from assessment.service.bench.scoring import measure_scoring
from assessment.service.bench.summary import PARTS, Job, describe_machine, measure_jobs
from assessment.settings import read_settings
from assessment.tables.formats import NOTHING, agree, format_share
from assessment.writers.json_output import dump


def _choose_number(name: str, default: int, says: str) -> Decorator:
    return click.option(
        name, default=default, show_default=True, type=click.IntRange(1), metavar="AANTAL", help=says
    )


@click.command
@click.argument("what", required=False, type=click.Choice(list(PARTS)), metavar=f"[{'|'.join(PARTS)}]")
@_choose_number("--files", 1000, "Hoeveel vragenlijsten worden ingelezen.")
@_choose_number("--answers", 10_000_000, "Hoeveel antwoorden er in de tabel staan die wordt gescoord.")
@_choose_number("--houses", 40, "Van hoeveel huizen plannen worden geschreven.")
@_choose_number("--people", 20, "Hoeveel mensen tegelijk het dashboard gebruiken.")
@click.option(
    "--minutes",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    metavar="AANTAL",
    help="Hoe lang zij dat doen.",
)
@format_option
def bench(  # noqa: PLR0913, PLR0917 - one per option of the command
    what: str | None, files: int, answers: int, houses: int, people: int, minutes: float, shape: str
) -> None:
    """Measure everything on a small scale, in one table; of one part all there is to tell, at full size."""
    match what:
        case "intake" if shape == "table":
            _bench_intake(files)
        case "score" if shape == "table":
            _bench_scoring(answers)
        case "roadmap" if shape == "table":
            _bench_roadmap()
        case "documents" if shape == "table":
            _bench_documents(houses)
        case "pages" if shape == "table":
            from assessment.cli.bench_pages import bench_pages  # noqa: PLC0415 - loads the framework of the pages

            bench_pages(people, minutes)
        case _:
            _bench_jobs(what, shape)


def _bench_jobs(what: str | None, shape: str) -> None:
    total = len(PARTS) if what is None else 1
    jobs = list(format_progress(measure_jobs(read_settings(), what), "Meten", total=total))
    told = [{**job._asdict(), "ratio": job.ratio} for job in jobs]
    machine = describe_machine()
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    match shape:
        case "json":
            echo(dump({"machine": machine._asdict(), "jobs": told}))
        case "csv":
            print_csv(
                pd.DataFrame(told).assign(system=machine.system, cores=machine.cores, versions=versions)
            )
        case _:
            print_table(pd.DataFrame([_describe_job(job) for job in jobs]))
            echo(
                f"Op {machine.system}, {machine.cores} {agree(machine.cores, 'kern', 'kernen')}; {versions}."
            )


def _describe_job(job: Job) -> dict[str, object]:
    return {
        "Onderdeel": job.part,
        "Wat": job.what,
        "Seconden": _write(job.seconds),
        "Maatstaf": job.yardstick or NOTHING,
        "Seconden ernaast": _write(job.beside),
        "Verhouding": _write(job.ratio),
        "Hoogste MB": NOTHING if job.megabytes is None else str(round(job.megabytes)),
    }


def _write(figure: float | None) -> str:
    """A figure with two decimals."""
    return NOTHING if figure is None else f"{figure:.2f}".replace(".", ",")


def _bench_documents(houses: int) -> None:
    written = measure_documents(read_settings(), houses)
    measured = format_progress(written, "Plannen schrijven", total=MEASURED)
    print_table(pd.DataFrame([_describe(each) for each in measured]))
    echo("Alles op één kern; het plannen zelf telt niet mee.")


def _bench_intake(files: int) -> None:
    measured = list(format_progress(measure_intake(read_settings(), files), "Meten", total=4))
    print_table(pd.DataFrame([_describe(each) for each in measured]))
    ours, raw, alone, script = measured
    cores = os.cpu_count() or 1
    echo(
        f"Per kern {ours.milliseconds / raw.milliseconds:.1f} maal python-calamine op alle kernen, en "
        f"{cores * ours.milliseconds / alone.milliseconds:.1f} maal één proces daarvan dat alleen is."
    )
    echo(f"Op {cores} kernen {script.milliseconds / ours.milliseconds:.0f} maal zo snel als pandas.")


def _bench_scoring(answers: int) -> None:
    measured = format_progress(measure_scoring(read_settings(), answers), "Scoren", total=6)
    print_table(pd.DataFrame([_describe_process(each) for each in measured]))
    echo(f"{answers} antwoorden; elk een eigen proces, van begin tot eind.")


def _describe_process(process: Process) -> dict[str, object]:
    return {
        "Wat": process.what,
        "Seconden": round(process.seconds, 2),
        "Rekentijd (s)": None if process.processor is None else round(process.processor, 2),
        "Hoogste MB": None if process.megabytes is None else round(process.megabytes),
    }


def _describe(measured: Measured) -> dict[str, object]:
    return {
        "Wat": measured.what,
        "Bestanden": measured.files,
        "Seconden": round(measured.seconds, 2),
        "ms per bestand": round(measured.milliseconds, 2),
        "Hoogste MB": None if measured.megabytes is None else round(measured.megabytes),
    }


def _bench_roadmap() -> None:
    compared = format_progress(measure_roadmap(read_settings()), "Plannen", total=KINDS)
    print_table(pd.DataFrame([_describe_plans(each) for each in compared]))
    echo(
        "Te laat: harde normen die na de horizon klaar zijn. Gewogen: som van gewicht maal eindkwartaal. "
        "De vuistregel plant steeds eerst de maatregel waar het meeste gewicht op wacht."
    )
    print_table(pd.DataFrame([_describe_calibrated(each) for each in measure_calibration(read_settings())]))
    echo(
        "Hoe vaak een plan in nieuwe, toevallige runs af is in het genoemde kwartaal, en hoe vaak een "
        "kwartaal eerder. Waarschijnlijk belooft ten minste 50 %, zeker ten minste 80 %."
    )


def _describe_calibrated(calibrated: Calibrated) -> dict[str, object]:
    return {
        "Wat": calibrated.what,
        "Plannen": calibrated.plans,
        "Waarschijnlijk": format_share(calibrated.likely.by_then),
        "kwartaal eerder": format_share(calibrated.likely.before),
        "80 % zeker": format_share(calibrated.at_80.by_then),
        "een kwartaal eerder": format_share(calibrated.at_80.before),
    }


def _describe_plans(compared: Compared) -> dict[str, object]:
    return {
        "Wat": compared.what,
        "Plannen": compared.plans,
        "Maatregelen": compared.measures,
        "Bewezen best": compared.proven,
        "Grootste marge": f"{compared.optimality_gap:.2%}".replace(".", ","),
        "Traagste (s)": round(compared.slowest, 2),
        "Rekentijd (s)": round(compared.ours.seconds, 2),
        "Te laat": compared.ours.late,
        "Gewogen": compared.ours.weighted,
        "Vuistregel: te laat": compared.rule.late,
        "gewogen": compared.rule.weighted,
        "(s)": round(compared.rule.seconds, 3),
    }
