"""An installation as a country has it after some years, invented: houses that answered round after round."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from string import ascii_lowercase
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from assessment.model.answers import Answer, Submission, Whose
from assessment.model.audit import Signature
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round, Unit
from assessment.model.scale import Perspective
from assessment.readers.files import read_bytes
from assessment.readers.tables import read_rounds, read_units
from assessment.service.audit_entries import audit_submission
from assessment.service.clock import now
from assessment.service.demo import freeze_earlier_round
from assessment.service.drafts import Beginning, begin_with
from assessment.service.formula_files import read_formula_set
from assessment.service.installation import Installation, open_installation
from assessment.service.plans.baselines import adopt_plan
from assessment.service.queries import Queries
from assessment.service.round_scores import Which
from assessment.settings import Settings
from assessment.store.audit import append_changes
from assessment.store.formulas import add_formulas
from assessment.store.register import add_houses, add_round, add_units
from assessment.store.submissions import add_submissions

HOUSES, ROUNDS = 60, 6
_SEED = 2026
_POLICE_AT = 3
"""Of every so many houses the police answers too, and of as many one explains an answer."""

_DRAFTING_AT = 10
"""Of every so many houses one has a draft in the newest round, and has not handed in."""

_BETWEEN, _LASTS = timedelta(days=182), timedelta(days=90)
_FIRST_SHARE, _GROWTH, _SPREAD = 0.5, 0.06, 0.1
"""The share of what is answered with what is in order: at first, more each round, more or less per house."""

_WORDS = (
    "Verzonnen toelichting: wij spraken dit af in het overleg met gemeente, zorg en OM, en leggen het vast. "
    "De liaison kijkt elk half jaar of het nog klopt."
)


class Filled(NamedTuple):
    """A database that was filled: the settings that lead there, and what is in it."""

    settings: Settings
    units: tuple[Unit, ...]
    houses: tuple[House, ...]
    newest: Round

    @property
    def drafting(self) -> tuple[House, ...]:
        """The houses that have a draft in the newest round."""
        return self.houses[::_DRAFTING_AT]

    @property
    def answering(self) -> tuple[House, ...]:
        """The houses that handed in for the newest round."""
        return tuple(house for house in self.houses if house not in self.drafting)


@contextmanager
def filled_database(settings: Settings, houses: int = HOUSES, rounds: int = ROUNDS) -> Iterator[Filled]:
    """Fill a database of its own, which is gone when the block ends; always the same, seen from today.

    Args:
        settings: where the questionnaires and the units are.
        houses: how many.
        rounds: how many; all but the newest are closed.
    """
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder, 'meting.sqlite').as_posix()}"
        own = settings.model_copy(update={"database_url": database, "oidc_issuer": ""})
        where = open_installation(own)
        try:
            filled = _fill(where, houses, rounds)
        finally:
            where.close()
        yield filled


def _fill(where: Installation, houses: int, rounds: int) -> Filled:
    units = read_units(where.settings.data / "units.csv")
    everyone = tuple(_name_house(place, units[place * len(units) // houses]) for place in range(houses))
    filled = Filled(where.settings, units, everyone, _make_round(where, everyone, 0))
    asked = [_make_round(where, everyone, back) for back in reversed(range(1, rounds))]
    with where.store.writing() as session:
        add_units(session, units)
        add_houses(session, everyone)
        for round_ in [*asked, filled.newest]:
            add_round(session, round_)
    dice = np.random.default_rng(_SEED)
    for place, round_ in enumerate([*asked, filled.newest]):
        is_newest = round_ is filled.newest
        _answer(where, round_, filled.answering if is_newest else everyone, place, dice)
        if not is_newest:
            _close(where, round_)
    _decide(where, filled)
    _give_formulas(where, everyone)
    return filled


def _give_formulas(where: Installation, houses: Iterable[House]) -> None:
    """Give each house the formulas of one of those in the demo, in turn."""
    files = sorted((where.settings.data / "demo" / "formulas").glob("*.json"))
    sets = cycle(read_formula_set(read_bytes(file), file.name) for file in files)
    formulas = [
        each.model_copy(update={"house_id": house.house_id, "version": 1})
        for house, given in zip(houses, sets, strict=False)
        for each in given.formulas
    ]
    with where.store.writing() as session:
        add_formulas(session, formulas, Signature(where.who, now()))


def _name_house(place: int, unit: Unit) -> House:
    number = f"{place + 1:02}"
    title = f"Veiligheidshuis Verzonnenstad {number}"
    return House(house_id=f"huis-{number}", title=title, unit_id=unit.unit_id, invented=True)


def _make_round(where: Installation, houses: tuple[House, ...], back: int) -> Round:
    """A round that opened so many half years before the one that is open now."""
    house_ids = tuple(house.house_id for house in houses)
    *_, earlier, newest = read_rounds(where.settings.data / "demo" / "rounds.csv", house_ids)
    opens = now().date() - _LASTS / 2 - back * _BETWEEN
    return (earlier if back else newest).model_copy(
        update={
            "round_id": f"meting-{opens:%Y-%m}",
            "title": f"meting van {opens:%m-%Y}",
            "opens": opens,
            "closes": opens + _LASTS,
        }
    )


def _answer(
    where: Installation, round_: Round, houses: tuple[House, ...], place: int, dice: np.random.Generator
) -> None:
    asked = where.questionnaire_of(round_)
    handed_in = [
        _as_submission(round_, house, perspective, _draw(asked, place, dice))
        for number, house in enumerate(houses)
        for perspective in (Perspective.HOUSE, *([Perspective.POLICE] * (number % _POLICE_AT == 0)))
    ]
    with where.store.writing() as session:
        add_submissions(session, handed_in)
        told = [audit_submission(None, submission) for submission, _ in handed_in]
        append_changes(session, Signature(where.who, now()), told)


def _draw(asked: Questionnaire, place: int, dice: np.random.Generator) -> tuple[Answer, ...]:
    """Answer every question that has options: in order (the first) or, by the die, another one."""
    share = _FIRST_SHARE + _GROWTH * place + dice.uniform(-_SPREAD, _SPREAD)
    return tuple(
        Answer(
            question_id=question.question_id,
            option_id=ascii_lowercase[_choose(len(question.options), share, dice)],
            explanation=_WORDS if dice.integers(_POLICE_AT) == 0 else "",
        )
        for question in asked.questions
        if question.options
    )


def _choose(options: int, share: float, dice: np.random.Generator) -> int:
    return 0 if dice.random() < share else int(dice.integers(options))


def _as_submission(
    round_: Round, house: House, perspective: Perspective, answers: tuple[Answer, ...]
) -> tuple[Submission, bytes]:
    content = f"{round_.round_id} {house.house_id} {perspective}".encode()
    submission = Submission(
        house_id=house.house_id,
        round_id=round_.round_id,
        perspective=perspective,
        answers=answers,
        handed_in=datetime.combine(min(round_.closes, now().date() - timedelta(days=1)), time(12)),
        file_name="meting",
        file_sha256=sha256(content).hexdigest(),
    )
    return submission, content


def _close(where: Installation, round_: Round) -> None:
    with where.store.writing() as session:
        freeze_earlier_round(session, round_, Signature(where.who, now()))


def _decide(where: Installation, filled: Filled) -> None:
    """Half of the houses adopt the plan that they see; who did not hand in has a draft."""
    queries, round_id = Queries(where, where.visitor), filled.newest.round_id
    for house in filled.answering[::2]:
        planned = queries.find_roadmap(Which(round_id, Perspective.RECORD, house.house_id))
        adopt_plan(where, planned, [house.house_id], now())
    asked = where.questionnaire_of(filled.newest)
    begun = _draw(asked, 0, np.random.default_rng(_SEED))
    for house in filled.drafting:
        whose = Whose(round_id, house.house_id, Perspective.HOUSE)
        begin_with(where, whose, Beginning(begun[: len(begun) // 2]), now())
