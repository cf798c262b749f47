"""How pages grow with houses, rounds and people: `python -m tests.measure_growth`, for docs/scale.md."""

import argparse

from assessment.service.bench.filled import filled_database
from assessment.service.bench.pages import list_people, list_views, measure_crowd, measure_pages, serving
from assessment.settings import read_settings

_PAGES = ("mijn-huis", "mijn-eenheid", "landelijk-beeld")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--houses", type=int, nargs="*", default=[15, 60, 150, 300])
    parser.add_argument("--rounds", type=int, nargs="*", default=[2, 6, 12])
    parser.add_argument("--people", type=int, nargs="*", default=[5, 10, 20])
    parser.add_argument("--minutes", type=float, default=1.0)
    asked = parser.parse_args()
    for houses in asked.houses:
        _print_pages(houses, 2)
    for rounds in asked.rounds:
        _print_pages(30, rounds)
    for people in asked.people:
        _print_people(people, asked.minutes)


def _print_pages(houses: int, rounds: int) -> None:
    with filled_database(read_settings(), houses, rounds) as filled, serving(filled.settings) as dashboard:
        views = [view for view in list_views(filled) if view.page in _PAGES]
        for timing in measure_pages(dashboard, views):
            told = f"first {timing.first:.2f} s, again {timing.median:.3f} s, errors {timing.errors}"
            print(f"{houses} houses, {rounds} rounds, {timing.name}: {told}", flush=True)  # noqa: T201 - a script
        print(f"memory {dashboard.find_megabytes():.0f} MB", flush=True)  # noqa: T201 - a script


def _print_people(people: int, minutes: float) -> None:
    with filled_database(read_settings()) as filled, serving(filled.settings) as dashboard:
        door = dashboard.door
        crowd = measure_crowd(dashboard, filled, list_people(filled, people, lambda *_: door), minutes)
        told = f"half within {crowd.median:.2f} s, 95 % within {crowd.slow:.2f} s, errors {crowd.errors}"
        print(f"{people} people, {crowd.runs} runs: {told}, lost {crowd.lost}", flush=True)  # noqa: T201 - a script


if __name__ == "__main__":
    main()
