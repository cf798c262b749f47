"""What may become of plans, for reading: when something is reached, and houses per phase per quarter."""

from typing import NamedTuple

import pandas as pd

from assessment.model.document import Curve
from assessment.model.frames import ALL_HOUSES, Subject
from assessment.model.plan import HORIZON, Estimates, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Kind, Phase
from assessment.tables.formats import (
    NOTHING,
    agree,
    describe_part,
    format_counted,
    format_percentage,
    format_with_capital,
    join_words,
)

_WHAT_IT_IS = (
    "Dit is een schatting: niemand weet hoe lang een maatregel echt duurt. Daarom is het plan vele malen "
    "nagespeeld. Een maatregel duurt dan, bij toeval, {outcomes}; korter dan 1 kwartaal kan niet. De "
    "volgorde blijft gelijk."
)
_AS_OF_OLD = (
    "in de helft van de gevallen zo lang als gepland, en anders 1 kwartaal korter, 1 langer of 2 langer"
)


class When(NamedTuple):
    """When something is reached: with 50 % and 80 % probability, and as the plan itself has it."""

    likely: Quarter
    at_80: Quarter
    if_nothing_goes_wrong: Quarter

    @property
    def figure(self) -> str:
        """What it is told as, in large."""
        return f"waarschijnlijk in {self.likely}"

    @property
    def beside(self) -> str:
        """What stands beside it."""
        return f"80 % zeker in {self.at_80}, als niets tegenzit in {self.if_nothing_goes_wrong}"

    def __str__(self) -> str:
        return f"{self.figure}, {self.beside}"


def find_when(estimates: pd.DataFrame, subject: str, begin: Quarter) -> When | None:
    """When a subject is reached, from ESTIMATES of one house or of all together; None where none tells."""
    row = estimates[estimates["subject"] == subject]
    if row.empty:
        return None
    return When(*(begin + int(row[name].iloc[0]) for name in When._fields))


def describe_when(
    subject: Subject, estimates: pd.DataFrame, conformity: pd.DataFrame, begin: Quarter
) -> tuple[str, str]:
    """Say when houses work by the kader, or meet every hard norm: in large, and what stands beside it.

    Args:
        subject: one of these two.
        estimates: ESTIMATES of one house, or of all together.
        conformity: PROJECTED_SCORES of the same houses.
        begin: the quarter that is 0.
    """
    when = find_when(estimates, subject, begin)
    if when is not None:
        return when.figure, when.beside
    now = conformity[conformity["quarter"] < 0]
    if subject is Subject.HARD_NORMS and not now[[*_HARD]].to_numpy().any():
        return NOTHING, ""
    if _is_reached(now, subject):
        return _NOW, ""
    if subject is Subject.BY_FRAMEWORK and not now["phase_low"].any():
        return NOTHING, "er is geen norm gevraagd"
    return _STAYS_OPEN, "een maatregel is vervallen"


def tell_when(estimates: pd.DataFrame, phase: str, begin: Quarter) -> tuple[str, str]:
    """When one house likely and surely works by the kader, each for a cell: "nu al" where it does already.

    Args:
        estimates: ESTIMATES of the house.
        phase: the lowest that it may be in now; empty where no norm is asked.
        begin: the quarter that is 0.
    """
    when = find_when(estimates, Subject.BY_FRAMEWORK, begin)
    if when is not None:
        return str(when.likely), str(when.at_80)
    return (_NOW if phase == Phase.BY_FRAMEWORK else NOTHING), NOTHING


def describe_beyond(when: When | None, begin: Quarter) -> str:
    """Say calmly that something likely or surely takes more than three years, and what that rests on.

    Args:
        when: when it is reached; None where no quarter is told.
        begin: the quarter that is 0.

    Returns:
        Nothing where it takes no longer.
    """
    last = begin + (HORIZON - 1)
    if when is None or when.at_80 <= last:
        return ""
    if when.if_nothing_goes_wrong > last:
        told = "Ook als niets tegenzit duurt het langer, met deze doorlooptijden en deze capaciteit."
    elif when.likely > last:
        told = f"Als niets tegenzit lukt dat; waarschijnlijk duurt het langer, want {_SLOWER}."
    else:
        told = f"Waarschijnlijk lukt dat; 80 % zeker is het pas later, want {_SLOWER}."
    return f"Drie jaar na het begin van het plan is eind {last}. {told}"


_SLOWER = "een maatregel kan langer duren dan gepland"


def describe_end(estimates: pd.DataFrame, conformity: pd.DataFrame, begin: Quarter) -> str:
    """Say in a title when houses work by the kader, as `describe_when`."""
    figure, why = describe_when(Subject.BY_FRAMEWORK, estimates, conformity, begin)
    if figure in {NOTHING, _STAYS_OPEN}:
        return f"nog geen datum, want {why}"
    return f"{figure} volgens het kader"


NO_DATE = "nog geen datum"
_NOW = "nu al"
_STAYS_OPEN = "blijft open"
_HARD = ("hard_met", "hard_not_met", "hard_undetermined")


def _is_reached(now: pd.DataFrame, subject: Subject) -> bool:
    if subject is Subject.HARD_NORMS:
        return not now[["hard_not_met", "hard_undetermined"]].to_numpy().any()
    return bool((now["phase_low"] == Phase.BY_FRAMEWORK.value).all())


def describe_estimating(questionnaire: Questionnaire) -> str:
    """Say that this is an estimate, and how durations may turn out in it."""
    found = dict.fromkeys(each.note for each in questionnaire.estimates_of.values())
    outcomes = _AS_OF_OLD
    if questionnaire.estimates_of:
        outcomes = join_words(_list_outcomes(next(iter(questionnaire.estimates_of.values()))))
    return " ".join([_WHAT_IT_IS.format(outcomes=outcomes), *found])


def _list_outcomes(estimates: Estimates) -> list[str]:
    return [
        f"in {format_percentage(outcome.share)} van de gevallen {_describe_extra(outcome.extra_quarters)}"
        for outcome in estimates.outcomes
    ]


def _describe_extra(quarters: int) -> str:
    if quarters == 0:
        return "zo lang als gepland"
    return f"{format_counted(abs(quarters), 'kwartaal')} {'langer' if quarters > 0 else 'korter'}"


def name_subject(subject: str, questionnaire: Questionnaire) -> str:
    """The name of what is reached: "Alle harde normen", or a hard norm with its title."""
    if subject in set(Subject):
        return Subject(subject).dutch.capitalize()
    return f"{subject} {questionnaire.criterion[subject].title}"


def keep_main(estimates: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Of ESTIMATES what is listed together: of other criteria than hard norms the date stands at them."""
    named = [
        subject in set(Subject) or questionnaire.criterion[subject].kind is Kind.HARD_NORM
        for subject in estimates["subject"]
    ]
    return estimates[named]


def list_estimates(estimates: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> pd.DataFrame:
    """ESTIMATES of one house, or of all together, for reading."""
    return pd.DataFrame(
        {
            "Wat": [name_subject(subject, questionnaire) for subject in estimates["subject"]],
            "Waarschijnlijk in": [str(begin + int(quarter)) for quarter in estimates["likely"]],
            "80 % zeker in": [str(begin + int(quarter)) for quarter in estimates["at_80"]],
            "Als niets tegenzit in": [
                str(begin + int(quarter)) for quarter in estimates["if_nothing_goes_wrong"]
            ],
        }
    )


def list_estimates_of_houses(
    estimates: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """ESTIMATES of several houses for reading; of one house as `list_estimates` does."""
    house_ids = [house_id for house_id in estimates["house_id"].unique() if house_id != ALL_HOUSES]
    if len(house_ids) == 1:
        own = estimates[estimates["house_id"] == house_ids[0]]
        return list_estimates(own, begin, questionnaire)
    titles = {ALL_HOUSES: "alle huizen samen"} | {key: register.house[key].title for key in house_ids}
    table = list_estimates(estimates, begin, questionnaire)
    table.insert(0, "Huis", [titles[house_id] for house_id in estimates["house_id"]])
    return table


def describe_how_sure(estimates: pd.DataFrame, begin: Quarter) -> str:
    """Say when all that the kader asks is there; where the plan holds no norm, or drops one, the whole plan.

    Args:
        estimates: ESTIMATES of one house, or of all together; at least one row.
        begin: the quarter that is 0.
    """
    present = set(estimates["subject"])
    subject = next(each for each in (Subject.BY_FRAMEWORK, Subject.PLAN) if each in present)
    return f"{subject.dutch} {find_when(estimates, subject, begin)}"


def list_transition(counts: pd.DataFrame, sure: pd.DataFrame, begin: Quarter) -> pd.DataFrame:
    """PHASE_COUNTS for reading: a row per quarter, a column per phase; SURE_COUNTS as the last column."""
    table = counts.pivot_table(index="quarter", columns="phase", values="houses", sort=False).astype("int64")
    quarters = ["nu" if quarter < 0 else f"na {begin + int(quarter)}" for quarter in table.index]
    named = {phase.value: phase.dutch for phase in Phase} | {"": "geen norm gevraagd"}
    return (
        table.rename(columns=named)
        .reset_index(drop=True)
        .assign(Kwartaal=quarters)[["Kwartaal", *(named[phase] for phase in table.columns)]]
        .assign(**{SURE: sure["houses"].to_numpy()})
    )


def draw_curve(counts: pd.DataFrame, sure: pd.DataFrame, begin: Quarter) -> Curve:
    """The houses that work by the kader after each quarter: if nothing goes wrong, and with 80 % probability.

    Args:
        counts: PHASE_COUNTS.
        sure: SURE_COUNTS of the same quarters.
        begin: the quarter that is 0.
    """
    there = counts[counts["phase"] == Phase.BY_FRAMEWORK.value].sort_values("quarter")
    quarters = [int(quarter) for quarter in there["quarter"]]
    planned, certain = tuple(there["houses"].tolist()), tuple(sure.sort_values("quarter")["houses"].tolist())
    last = f"{begin + quarters[-1]}"
    return Curve(
        told=f"Lijn van de huizen die volgens het kader werken: nu {planned[0]}, na {last} {planned[-1]} als "
        f"niets tegenzit en {certain[-1]} met 80 % kans. Alle getallen staan in de tabel hieronder.",
        quarters=tuple("nu" if quarter < 0 else str(begin + quarter) for quarter in quarters),
        planned=planned,
        sure=certain,
        of=int(counts.groupby("quarter")["houses"].sum().iloc[0]),
        years=quarters.index(HORIZON - 1) if HORIZON - 1 in quarters else None,
    )


# What the curve of 80 % is called.
SURE = "80 % zeker volgens het kader"


def describe_transition(
    counts: pd.DataFrame, sure: pd.DataFrame, estimates: pd.DataFrame, begin: Quarter
) -> str:
    """Say when the last house works by the kader, or how many do at the end of what is shown.

    Args:
        counts: PHASE_COUNTS.
        sure: SURE_COUNTS of the same quarters.
        estimates: ESTIMATES of all houses together.
        begin: the quarter that is 0.
    """
    by_quarter = counts.pivot_table(index="quarter", columns="phase", values="houses", sort=False)
    there = by_quarter[Phase.BY_FRAMEWORK.value]
    houses = int(by_quarter[[phase.value for phase in Phase]].sum(axis=1).iloc[0])
    if not houses:
        return "Bij geen enkel huis is een norm gevraagd"
    when = find_when(estimates, Subject.BY_FRAMEWORK, begin)
    if when is not None:
        which = agree(houses, "het huis", f"het laatste van {houses} huizen")
        return f"{format_with_capital(when.figure)} werkt {which} volgens het kader"
    if there.iloc[0] == houses:
        return "Alle huizen werken nu al volgens het kader"
    if by_quarter.iloc[0].sum() == 1:
        return "Het huis komt met dit plan niet bij het kader: een maatregel is vervallen"
    planned, certain = int(there.iloc[-1]), int(sure.sort_values("quarter")["houses"].iloc[-1])
    end, rest = begin + int(there.index[-1]), format_counted(houses - planned, "huis")
    told = f"{agree(certain or 1, 'werkt', 'werken')} {describe_part(certain, houses, 'huis')}"
    return (
        f"Eind {end} {told} met 80 % kans volgens het kader, {planned or 'geen'} als niets tegenzit; "
        f"bij {rest} verviel een maatregel"
    )


# Which phase a house counts in while that is open, in a transition.
OPEN_PHASE = "Een huis waarvan de fase nog niet vaststaat, telt hier in de laagste die nog kan."


def describe_curves(estimates: pd.DataFrame, begin: Quarter) -> str:
    """Say what bars and curve of a transition are, and when by each the last house is there.

    Args:
        estimates: ESTIMATES of all houses together.
        begin: the quarter that is 0.
    """
    when = find_when(estimates, Subject.BY_FRAMEWORK, begin)
    bars, curve, last = "Balken: als niets tegenzit", "Streepjes: 80 % zeker", ", het laatste huis in"
    if when is None:
        return f"{bars}. {curve}."
    return f"{bars}{last} {when.if_nothing_goes_wrong}. {curve}{last} {when.at_80}."
