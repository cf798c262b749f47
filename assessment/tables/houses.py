"""What the first screen of a house says: its actions, its hard norms, its counts in words."""

from collections.abc import Hashable, Mapping

import pandas as pd

from assessment.model.decisions import Progress
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Verdict
from assessment.tables.forecasts import find_when
from assessment.tables.formats import NOTHING, agree, format_counted, format_part, format_verdict

# So many actions fit above the fold of a page.
_ACTIONS = 5
_PLACES = {verdict: place for place, verdict in enumerate(Verdict)}
_COUNTED = {
    Verdict.MEETS: ("voldoet", "voldoen"),
    Verdict.EXPLAINED: ("bewust anders", "bewust anders"),
    Verdict.PARTLY: ("deels", "deels"),
    Verdict.NOT_YET: ("nog niet", "nog niet"),
    Verdict.UNDETERMINED: ("onbepaald", "onbepaald"),
    Verdict.NOT_APPLICABLE: ("niet van toepassing", "niet van toepassing"),
}


def describe_answered(total: Mapping[Hashable, int], unsure: int) -> str:
    """Say how many questions were answered, and what keeps the range wide, from a row of HOUSE_SCORES.

    Args:
        total: the row.
        unsure: how many of the answers are "weet ik niet".
    """
    answered, applicable = total["answered"], total["applicable"]
    missing = applicable - answered
    told = f"{format_part(answered, applicable, 'vraag')} beantwoord"
    if not missing:
        told = f"{'alle ' * (applicable > 1)}{format_counted(applicable, 'vraag')} beantwoord"
    if unsure:
        return f"{told}, waarvan {unsure} met ‘weet ik niet’"
    others = agree(missing, "de andere", f"de {missing} andere")
    return f"{told}; met {others} wordt dit zekerder" if missing else told


def list_cells(criteria: pd.DataFrame, questionnaire: Questionnaire) -> list[tuple[Verdict, str]]:
    """The verdicts of CRITERION_SCORES of one house with what each is of, those that are met first."""
    titles = (questionnaire.criterion[key].title for key in criteria["criterion_id"])
    return sorted(
        zip(map(Verdict, criteria["verdict"]), titles, strict=True), key=lambda cell: _PLACES[cell[0]]
    )


def count_verdicts(verdicts: pd.Series) -> tuple[str, str]:
    """Count verdicts by the words of their signs: "5" and "voldoen, 3 deels, 1 onbepaald"; they add up."""
    counts = {Verdict(str(name)): int(number) for name, number in verdicts.value_counts().items()}
    met = counts.pop(Verdict.MEETS, 0)
    told = [_COUNTED[Verdict.MEETS][met != 1]]
    told += [f"{counts[each]} {_COUNTED[each][counts[each] != 1]}" for each in _COUNTED if each in counts]
    return str(met), ", ".join(told)


def list_hard_norms(
    hard: pd.DataFrame,
    roadmap: pd.DataFrame,
    estimates: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
) -> pd.DataFrame:
    """The hard norms of one house, each with its verdict, who is up for it and when it is likely met.

    Args:
        hard: CRITERION_SCORES of the hard norms of the house.
        roadmap: ROADMAP of the house.
        estimates: ESTIMATES of its plan.
        begin: the quarter that is 0.
        questionnaire: the titles.
    """
    ordered = roadmap.sort_values("first", kind="stable").groupby("criterion_id", sort=False)
    whens = {c: find_when(estimates, c, begin) for c in hard["criterion_id"]}
    who = {key: ", dan ".join(dict.fromkeys(own["actor"])) for key, own in ordered}
    criteria = [questionnaire.criterion[key] for key in hard["criterion_id"]]
    return pd.DataFrame(
        {
            "Oordeel": [format_verdict(verdict) for verdict in hard["verdict"]],
            "Harde norm": [f"{c.criterion_id} {c.title}" for c in criteria],
            "Wie": [who.get(c.criterion_id, NOTHING) for c in criteria],
            "Waarschijnlijk klaar in": [str(when.likely) if when else NOTHING for when in whens.values()],
        }
    )


def list_actions(
    gaps: pd.DataFrame, roadmap: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire
) -> pd.DataFrame:
    """What one house begins with: the measures of the first quarters of its plan, at most so many as fit.

    Args:
        gaps: GAPS of the house.
        roadmap: ROADMAP of the house.
        begin: the quarter that is 0.
        questionnaire: the titles.
    """
    verdict_of = dict(zip(gaps["criterion_id"], gaps["verdict"], strict=True))
    open_ = roadmap[roadmap["status"] != Progress.DONE.value]
    weight = [-questionnaire.criterion[key].kind.plan_weight for key in open_["criterion_id"]]
    first = open_.assign(weight=weight).sort_values(["first", "weight"], kind="stable").head(_ACTIONS)
    criteria = [questionnaire.criterion[key] for key in first["criterion_id"]]
    signs = [Verdict(verdict_of[c.criterion_id]).sign for c in criteria]
    return pd.DataFrame(
        {
            "Maatregel": [questionnaire.measure[key].title for key in first["measure_id"]],
            "Aan zet": first["actor"].tolist(),
            "Voor norm": [f"{s} {c.criterion_id} {c.title}" for s, c in zip(signs, criteria, strict=True)],
            "Klaar als niets tegenzit": [str(begin + quarter) for quarter in first["last"]],
        }
    )
