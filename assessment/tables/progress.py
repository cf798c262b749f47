"""Planned against actual, for reading: what was agreed, what is planned now, what came of it."""

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from assessment.model.decisions import AdoptedMeasure, Baseline, Decisions, PlanLine
from assessment.model.plan import Quarter, Step
from assessment.model.questionnaire import Questionnaire
from assessment.tables.formats import (
    NOTHING,
    agree,
    format_count,
    format_counted,
    format_day,
    format_progress,
    format_with_capital,
)

NOT_JUDGED_AGAIN = "gereed, nog niet opnieuw beoordeeld"


JUDGE_AGAIN = "gereed, opnieuw beoordelen"


def list_steps(steps: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """STEPS of one house for reading: what to do now beside the measures, without quarters or capacity."""
    rows = [
        (_describe_step(Step(what), about, why, questionnaire), _name_criterion(criterion_id, questionnaire))
        for criterion_id, what, about, why in steps[["criterion_id", "what", "about", "why"]].itertuples(
            index=False
        )
    ]
    return pd.DataFrame(rows, columns=["Wat", "Voor criterium"])


def describe_steps(steps: pd.DataFrame) -> str:
    """Say how many questions to find out, criteria to judge again, and criteria that stay open there are."""
    counts = steps.groupby("what", sort=False)["criterion_id"]
    numbers = {Step.FIND_OUT: counts.count(), Step.JUDGE_AGAIN: counts.nunique(), Step.OPEN: counts.nunique()}
    found = {step: int(number[step]) for step, number in numbers.items() if step in number.index}
    told = [f"{format_count(number)} {agree(number, *_STEPS[step])}" for step, number in found.items()]
    return format_with_capital("; ".join(told))


_STEPS = {
    Step.FIND_OUT: ("vraag eerst uitzoeken", "vragen eerst uitzoeken"),
    Step.JUDGE_AGAIN: ("criterium opnieuw beoordelen", "criteria opnieuw beoordelen"),
    Step.OPEN: (
        "criterium blijft open, maatregel vervallen",
        "criteria blijven open, maatregelen vervallen",
    ),
}


def _describe_step(step: Step, about: str, why: str, questionnaire: Questionnaire) -> str:
    match step:
        case Step.FIND_OUT:
            return f"Zoek uit: {questionnaire.question[about].text}"
        case Step.JUDGE_AGAIN:
            return f"{format_with_capital(JUDGE_AGAIN)}: beantwoord de vragen van dit criterium opnieuw"
        case Step.OPEN:
            title = questionnaire.measure[about].title
            return f"Blijft open: maatregel {about} ('{title}') vervallen: {why}"


def _name_criterion(criterion_id: str, questionnaire: Questionnaire) -> str:
    return f"{criterion_id} {questionnaire.criterion[criterion_id].title}"


class Followed(NamedTuple):
    """The plan of one house, and everything that it is held against.

    `measures` is ROADMAP, `dropped` DROPPED, `settled` SETTLED, `estimates` ESTIMATES and `steps` STEPS, all
    of that house; `answered` is the day of the answers on which the plan rests.
    """

    house_id: str
    measures: pd.DataFrame
    dropped: pd.DataFrame
    settled: pd.DataFrame
    estimates: pd.DataFrame
    steps: pd.DataFrame
    begin: Quarter
    decisions: Decisions
    baseline: Baseline | None
    answered: date
    questionnaire: Questionnaire


def format_span(first: Quarter | None, last: Quarter | None) -> str:
    """Show from which to which quarter; nothing where there are none."""
    if first is None or last is None:
        return NOTHING
    return str(first) if first == last else f"{first} t/m {last}"


def format_when(first: Quarter, last: Quarter) -> str:
    """Show when something happens, as the beginning of a sentence: "In 2027-K1", "Van … tot en met …"."""
    return f"In {first}" if first == last else f"Van {first} tot en met {last}"


def list_progress(followed: Followed) -> pd.DataFrame:
    """What `find_measures` finds, for reading."""
    rows = [each.as_read() for each in find_measures(followed)]
    return pd.DataFrame(rows, columns=COLUMNS)


def find_measures(followed: Followed) -> "list[FollowedMeasure]":
    """Find every measure of the plan, those that were dropped, and those that are no longer in it."""
    planned = dict(zip(followed.measures["measure_id"], followed.measures.to_dict("records"), strict=True))
    agreed = {each.measure_id: each for each in followed.baseline.measures} if followed.baseline else {}
    lines = {line.measure_id: line for line in followed.decisions.lines}
    every = dict.fromkeys([*planned, *followed.dropped["measure_id"], *lines, *agreed])
    return [
        FollowedMeasure(
            followed,
            lines.get(measure_id) or PlanLine(house_id=followed.house_id, measure_id=measure_id),
            planned.get(measure_id),
            agreed.get(measure_id),
        )
        for measure_id in every
        if measure_id in followed.questionnaire.measure
    ]


COLUMNS = (
    *("Nr.", "Maatregel", "Aan zet", "Wie", "Status"),
    *("Vastgesteld", "Nu gepland", "Werkelijk", "Let op", "Versie"),
)


class FollowedMeasure(NamedTuple):
    """One measure: what was decided, its row of ROADMAP (None: not in the plan), how it was adopted."""

    followed: Followed
    line: PlanLine
    planned: Mapping[Hashable, int] | None
    agreed: AdoptedMeasure | None

    def as_read(self) -> dict[str, object]:
        """A row with the headings that people read."""
        measure = self.followed.questionnaire.measure[self.line.measure_id]
        values = (
            *(measure.measure_id, measure.title, measure.actor.value, self.line.owner or NOTHING),
            format_progress(self.line.progress),
            format_span(self.agreed.first, self.agreed.last) if self.agreed else NOTHING,
            format_span(*self.quarters),
            self._format_actual(),
            "; ".join(self.find_notes()) or NOTHING,
            self.line.version,
        )
        return dict(zip(COLUMNS, values, strict=True))

    @property
    def quarters(self) -> tuple[Quarter | None, Quarter | None]:
        """The first and the last quarter as planned now; none where it is in no plan."""
        if self.planned is None:
            return None, None
        begin = self.followed.begin
        return begin + self.planned["first"], begin + self.planned["last"]

    def _format_actual(self) -> str:
        parts = [("begonnen", self.line.started), ("gereed", self.line.done)]
        return ", ".join(f"{word} {format_day(day)}" for word, day in parts if day) or NOTHING

    def _tell_settled(self) -> str:
        settled = self.line.measure_id in set(self.followed.settled["measure_id"])
        return "al geregeld, zeggen de antwoorden" if settled else "het criterium is op orde"

    def find_notes(self) -> Iterator[str]:
        """What somebody who steers by the plan should not miss, calmly."""
        last = self.quarters[1]
        if self.line.dropped:
            yield f"vervallen: {self.line.dropped}"
        elif self.planned is None:
            yield f"niet meer nodig: {self._tell_settled()}"
        elif self.line.done:
            newer = self.followed.answered > self.line.done
            yield "gereed, maar de nieuwe antwoorden voldoen nog niet" if newer else NOT_JUDGED_AGAIN
        elif self.agreed and self.agreed.last and last and last > self.agreed.last:
            yield f"{format_counted(last - self.agreed.last, 'kwartaal')} later dan vastgesteld"
        if self.line.due and last and not self.line.done and last > Quarter.of(self.line.due):
            yield f"later dan afgesproken: {format_day(self.line.due)}"
        if self.line.remark:
            yield self.line.remark
