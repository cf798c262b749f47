"""Plans for reading: gaps, measures, projection; and what steers them: the chain that decides the end."""

from collections.abc import Hashable, Mapping

import pandas as pd

from assessment.model.decisions import Progress
from assessment.model.framework import Criterion
from assessment.model.plan import HORIZON, Quarter, Step, Why
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Actor, Kind
from assessment.tables.formats import (
    AT_PRESENT,
    NOTHING,
    agree,
    format_counted,
    format_hard_norms,
    format_phases,
    format_progress,
    format_ranges,
    format_with_capital,
    join_words,
    name_actors,
)
from assessment.tables.frameworks import describe_basis
from assessment.tables.house_plan import HousePlan
from assessment.tables.houses import find_up
from assessment.tables.progress import JUDGE_AGAIN
from assessment.tables.scores import list_criteria

Row = Mapping[Hashable, object]

SETTLED_ALREADY = "al geregeld"

_WORDS = {Why.PINNED: "vastgezet", Why.AT_ONCE: "kan meteen", Why.AGREED: "zoals vastgesteld"}
_IN_A_CHAIN = _WORDS | {Why.BEGUN: "is al begonnen", Why.WAITS: "wacht op de vorige maatregel"}


def describe_reasons(
    roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, *, of_one_actor: bool = False
) -> list[str]:
    """Describe of each row of a ROADMAP why it stands there.

    Args:
        roadmap: ROADMAP.
        begin: the quarter that is 0.
        questionnaire: the titles.
        of_one_actor: whether it is said already whose capacity it is.
    """
    rows = roadmap.to_dict("records")
    whose = ["" if of_one_actor else f" bij {Actor(str(row['actor'])).dutch}" for row in rows]
    return [_describe(row, begin, questionnaire, by) for row, by in zip(rows, whose, strict=True)]


def write_reasons(roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> pd.DataFrame:
    """Put words in the place of the columns that say why each row of a ROADMAP stands there."""
    told = roadmap.assign(why=describe_reasons(roadmap, begin, questionnaire))
    return told.drop(columns=["waits_for", "lapsed"])


def describe_link(row: Row) -> str:
    """Describe why a row of a CHAIN comes after the one before it."""
    why = Why(str(row["why"]))
    if why is Why.CAPACITY:
        return f"geen capaciteit bij {Actor(str(row['actor'])).dutch} tot de vorige klaar is"
    return _IN_A_CHAIN[why]


def _describe(row: Row, begin: Quarter, questionnaire: Questionnaire, whose: str) -> str:
    first, last = (begin + int(str(row[end])) for end in ("first", "last"))
    if row["lapsed"]:
        return f"was vastgezet op {row['lapsed']} maar is niet begonnen"
    match Why(str(row["why"])):
        case Why.BEGUN:
            done = row["status"] == Progress.DONE.value
            return f"gereed in {last}" if done else f"bezig sinds {first}"
        case Why.WAITS:
            needed = str(row["waits_for"]).split(";")
            return f"wacht op: {'; '.join(questionnaire.measure[key].title for key in needed)}"
        case Why.CAPACITY:
            return f"geen capaciteit{whose} tot {first}"
        case why:
            return _WORDS[why]


def list_gaps(plan: HousePlan) -> pd.DataFrame:
    """The gaps of a house for reading: what the kader asks, who is up in the plan, when it is likely done.

    Parties that a criterion names but that have no measure for it in the plan stand apart.
    """
    gaps, questionnaire, up = plan.gaps, plan.questionnaire, find_up(plan.measures)
    table = list_criteria(gaps, questionnaire)
    criteria = [questionnaire.criterion[key] for key in gaps["criterion_id"]]
    return table.assign(
        **{
            "Voldoet als": [criterion.conform_when or NOTHING for criterion in criteria],
            "Ruimte": [criterion.room or NOTHING for criterion in criteria],
            "Aan zet": [format_with_capital(up.get(key, NOTHING)) for key in gaps["criterion_id"]],
            NAMED: [_name_others(criterion, plan.measures) for criterion in criteria],
            "Waarschijnlijk klaar in": _list_likely(plan),
            "Bewijs kan zijn": [criterion.evidence or NOTHING for criterion in criteria],
            "Bron": [describe_basis(criterion) for criterion in criteria],
        }
    )


def _list_likely(plan: HousePlan) -> list[str]:
    """In which quarter each gap is done with 50 % probability, or what stands in its place."""
    steps = plan.steps.set_index("criterion_id")
    told = {str(key): JUDGE_AGAIN for key in steps.index[steps["what"] == Step.JUDGE_AGAIN]}
    told |= {
        str(key): f"blijft open, maatregel vervallen: {why}"
        for key, why in steps.loc[steps["what"] == Step.OPEN, "why"].items()
    }
    done = zip(plan.estimates["subject"], plan.estimates["likely"], strict=True)
    likely = {key: str(plan.begin + quarter) for key, quarter in done}
    return [(likely | told).get(key, NOTHING) for key in plan.gaps["criterion_id"]]


def describe_nothing_planned(gaps: pd.DataFrame, dropped: pd.DataFrame) -> str:
    """Say why a plan has no measures, from GAPS and DROPPED."""
    if not dropped.empty:
        return "Er staan geen maatregelen in het plan: wat nog nodig was is vervallen, en blijft open."
    if gaps.empty:
        return "Er zijn geen maatregelen nodig: alles wat is gevraagd, voldoet."
    return "Er staan geen maatregelen in het plan. Wat open is, zijn aanbevelingen: een keuze van het huis."


def list_measures(
    roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register | None = None
) -> pd.DataFrame:
    """ROADMAP of one house for reading, by actor and quarter, in the order of `sort_measures`.

    With a register, a district and basisteams are called by their names.
    """
    criteria = [questionnaire.criterion[key] for key in roadmap["criterion_id"]]
    actors = roadmap["actor"] if register is None else name_actors(roadmap, register)
    return pd.DataFrame(
        {
            "Aan zet": list(map(format_with_capital, actors)),
            "Maatregel": [questionnaire.measure[key].title for key in roadmap["measure_id"]],
            "Voor criterium": [f"{c.criterion_id} {c.title}" for c in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            "Begin": [str(begin + quarter) for quarter in roadmap["first"]],
            "Eind": [str(begin + quarter) for quarter in roadmap["last"]],
            "Dagen": roadmap["days"],
            "Status": [format_progress(Progress(status)) for status in roadmap["status"]],
            "Speling": [format_counted(slack, "kwartaal") for slack in roadmap["slack"]],
            "Waarom dan": [
                f"{why}; antwoord nog onbekend: het kan minder werk zijn" if assumed else why
                for why, assumed in zip(
                    describe_reasons(roadmap, begin, questionnaire), roadmap["assumed"], strict=True
                )
            ],
        }
    )


def list_dropped(dropped: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """DROPPED of one house for reading: what was dropped, and why."""
    return pd.DataFrame(
        {
            "Nr.": dropped["measure_id"],
            "Maatregel": [questionnaire.measure[key].title for key in dropped["measure_id"]],
            "Aan zet": list(map(format_with_capital, dropped["actor"])),
            "Waarom vervallen": dropped["why"],
        }
    )


def list_settled(settled: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """SETTLED of one house for reading: what need not be done, because the answers say it is."""
    return pd.DataFrame(
        {
            "Nr.": settled["measure_id"],
            "Maatregel": [questionnaire.measure[key].title for key in settled["measure_id"]],
            "Aan zet": list(map(format_with_capital, settled["actor"])),
        }
    )


def describe_settled(settled: pd.DataFrame) -> str:
    """Say how many measures are not planned because they are settled."""
    return f"Al geregeld: {format_counted(len(settled), 'maatregel')}, zeggen de antwoorden"


def name_quarters(rows: pd.DataFrame, begin: Quarter) -> pd.DataFrame:
    """Give quarters their name (2027-K1) in whichever of the columns first, last and quarter there are.

    Args:
        rows: quarters counted from `begin`, which is 0.
        begin: the first quarter of the plan.
    """
    columns = [name for name in ("first", "last", "quarter") if name in rows.columns]
    return rows.assign(**{name: [str(begin + int(q)) for q in rows[name]] for name in columns})


def sort_measures(roadmap: pd.DataFrame) -> pd.DataFrame:
    """Order a ROADMAP for reading: by actor, then by quarter."""
    actors = {actor.value: place for place, actor in enumerate(Actor)}
    placed = roadmap.assign(place=roadmap["actor"].map(actors))
    return (
        placed.sort_values(["place", "first", "last", "measure_id"])
        .drop(columns="place")
        .reset_index(drop=True)
    )


def list_projection(conformity: pd.DataFrame, begin: Quarter, now: str = AT_PRESENT) -> pd.DataFrame:
    """HOUSE_SCORES per quarter of one house for reading; `now` is what to call where it stands before it."""
    return pd.DataFrame(
        {
            "Kwartaal": [now if q < 0 else f"na {begin + int(q)}" for q in conformity["quarter"]],
            "Volgens het kader": format_ranges(conformity),
            "Harde normen": [format_hard_norms(row) for row in conformity.to_dict("records")],
            "Fase": format_phases(conformity),
        }
    )


# Who a criterion names, without a measure for it in the plan.
NAMED = "Ook genoemd"


def _name_others(criterion: Criterion, roadmap: pd.DataFrame) -> str:
    """The parties that a criterion names but that have no measure for it in ROADMAP."""
    acting = set(roadmap.loc[roadmap["criterion_id"] == criterion.criterion_id, "actor"])
    others = [role.actor.value for role in criterion.actors if role.actor.value not in acting]
    return f"ook genoemd: {join_words([*dict.fromkeys(others)])}" if others else ""


def describe_best(proven: bool) -> str:  # noqa: FBT001 - what is said
    """Say whether a better plan can be made, or that none was found."""
    best = "Er is geen beter plan" if proven else "Dit is het beste plan dat is gevonden"
    return f"{best} met deze doorlooptijden en deze capaciteit."


def describe_pace(roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> str:
    """Say how long a house may take; that what a law asks goes first, and until when it lacks capacity.

    Args:
        roadmap: ROADMAP, or the rows of it that are told of.
        begin: the quarter that is 0.
        questionnaire: which criteria a law asks.
    """
    rules = questionnaire.rules
    of_law = roadmap["criterion_id"].map(lambda key: questionnaire.criterion[key].is_law(rules))
    law = roadmap[of_law.astype("bool")]
    if law.empty:
        return "Langzaam is niet slecht: een huis mag er twee tot drie jaar over doen."
    told = "Een huis mag er twee tot drie jaar over doen, maar wat de wet vraagt gaat voor."
    waiting = law[law["why"] == Why.CAPACITY.value]
    if waiting.empty:
        return told
    told = f"{told} {_describe_waiting(waiting, begin, questionnaire)}"
    harmless = all(_delays_nothing(row, law) for row in waiting.to_dict("records"))
    return f"{told} Wat de wet vraagt is daardoor niet later klaar." if harmless else told


def _delays_nothing(row: Row, law: pd.DataFrame) -> bool:
    """Whether nothing for the same comes after it, and another that waits for no capacity ends no earlier."""
    same = law[(law["house_id"] == row["house_id"]) & (law["criterion_id"] == row["criterion_id"])]
    comes_after = same["first"] > row["last"]
    others = same[(same["measure_id"] != row["measure_id"]) & (same["why"] != Why.CAPACITY.value)]
    return not comes_after.any() and bool((others["last"] >= row["last"]).any())


def _describe_waiting(waiting: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> str:
    """Say from when there is capacity for what a law asks."""
    first, last = (begin + int(each) for each in (waiting["first"].min(), waiting["first"].max()))
    if len(waiting) > 1:
        apart = f"de eerste begint in {first}, de laatste in {last}"
        when = f"die beginnen in {first}" if first == last else apart
        return f"Ook daarvan wachten {len(waiting)} maatregelen op capaciteit: {when}."
    (row,) = waiting.to_dict("records")
    named = f"‘{questionnaire.measure[row['measure_id']].title}’ ({row['criterion_id']})"
    why = f"eerder is er geen capaciteit bij {Actor(str(row['actor'])).dutch}"
    return f"Toch begint {named} pas in {first}: {why}."


def explain_bars(roadmap: pd.DataFrame, dark: str, light: str) -> str:
    """Explain the colours of the bars of a ROADMAP: dark is without slack; none that is not drawn."""
    slack = roadmap["slack"]
    return " ".join([dark] * bool((slack == 0).any()) + [light] * bool((slack > 0).any()))


def describe_chain(chain: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> str:
    """Say in one sentence what decides when the last hard norm is met.

    Args:
        chain: CHAIN, at least one row.
        begin: the quarter that is 0.
        questionnaire: the titles and kinds.
    """
    end = chain.iloc[-1]
    criterion = questionnaire.criterion[end["criterion_id"]]
    waits = int((chain["why"] == Why.CAPACITY.value).sum())
    waiting = f"; {waits} daarvan {agree(waits, 'wacht', 'wachten')} op capaciteit" if waits else ""
    return (
        f"De {name_last(chain, questionnaire)} ({end['criterion_id']} {criterion.title}) is, als niets "
        f"tegenzit, klaar in {begin + int(end['last'])}. "
        f"Dat hangt af van {format_counted(len(chain), 'maatregel')} achter elkaar{waiting}."
    )


def name_last(chain: pd.DataFrame, questionnaire: Questionnaire) -> str:
    """To what a CHAIN leads: the last hard norm, or in a plan without any the last measure."""
    kind = questionnaire.criterion[chain.iloc[-1]["criterion_id"]].kind
    return "laatste harde norm" if kind is Kind.HARD_NORM else "laatste maatregel"


def list_chain(
    chain: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """CHAIN for reading, in order of time; with the house where there is more than one."""
    table = pd.DataFrame(
        {
            "Begin": [str(begin + int(quarter)) for quarter in chain["first"]],
            "Eind": [str(begin + int(quarter)) for quarter in chain["last"]],
            "Huis": [register.house[house_id].title for house_id in chain["house_id"]],
            "Aan zet": list(map(format_with_capital, name_actors(chain, register))),
            "Maatregel": [questionnaire.measure[key].title for key in chain["measure_id"]],
            "Voor criterium": chain["criterion_id"],
            "Waarom dan": [describe_link(row) for row in chain.to_dict("records")],
        }
    )
    return table if len(set(chain["house_id"])) > 1 else table.drop(columns="Huis")


def list_hold_ups(
    hold_ups: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
    register: Register,
    resources: pd.DataFrame,
) -> pd.DataFrame:
    """HOLD_UPS for reading, hard norms first: what comes after three years, and what holds it up.

    Args:
        hold_ups: HOLD_UPS.
        begin: the quarter that is 0.
        questionnaire: the titles and kinds.
        register: the titles of the houses.
        resources: RESOURCES of those houses.
    """
    keys = zip(resources["house_id"], resources["actor"], strict=True)
    capacity = dict(zip(keys, resources["capacity"], strict=True))
    criteria = [questionnaire.criterion[key] for key in hold_ups["criterion_id"]]
    table = pd.DataFrame(
        {
            "Huis": [register.house[house_id].title for house_id in hold_ups["house_id"]],
            "Criterium": [f"{criterion.criterion_id} {criterion.title}" for criterion in criteria],
            "Soort": [criterion.kind.dutch for criterion in criteria],
            "Klaar als niets tegenzit in": [str(begin + int(last)) for last in hold_ups["last"]],
            "Wat houdt het op": [_describe_hold_up(row, capacity) for row in hold_ups.to_dict("records")],
        }
    )
    softer = [criterion.kind is not Kind.HARD_NORM for criterion in criteria]
    return table.assign(softer=softer).sort_values("softer", kind="stable").drop(columns="softer")


def describe_hold_ups(hold_ups: pd.DataFrame, questionnaire: Questionnaire) -> str:
    """Say how many criteria come after three years, and how many hard norms are among them."""
    kinds = [questionnaire.criterion[key].kind for key in hold_ups["criterion_id"]]
    hard = kinds.count(Kind.HARD_NORM)
    criteria = format_counted(len(kinds), "criterium")
    are, norms = agree(len(kinds), "is", "zijn"), format_counted(hard, "harde norm")
    return f"{criteria} {are} pas na drie jaar klaar, waaronder {norms}"


def _describe_hold_up(row: Mapping[Hashable, object], capacity: Mapping[tuple[str, str], int]) -> str:
    actors = [Actor(name) for name in str(row["without_capacity"]).split(";") if name]
    if actors:
        own = {actor: capacity[str(row["house_id"]), actor.value] for actor in actors}
        names = [f"{actor.dutch} ({number} tegelijk)" for actor, number in own.items()]
        return f"te weinig capaciteit bij {join_words(names)}"
    quarters = int(str(row["quarters"]))
    if quarters > HORIZON:
        return f"wat eerst moet, duurt samen al {format_counted(quarters, 'kwartaal')}"
    return "een maatregel die al vaststaat"
