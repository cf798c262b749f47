"""Formulas and what follows from them as JSON, for other programs."""

import json
from collections.abc import Sequence

from assessment.engine.clashes import Contradiction
from assessment.engine.formulas import find_missing
from assessment.model.formula import FormulaSet
from assessment.tables.formula_board import Picture


def write_picture(houses: Sequence[FormulaSet], facts: Picture) -> str:
    """Write formulas of houses and what follows from them; figures are unrounded, `null` where unknown."""
    told = {
        "year": facts.year,
        "houses": [each.model_dump(mode="json") for each in houses],
        "missing": {
            each.subject: [
                {"lack": one.lack.value, "about": one.about, "told": str(one)} for one in find_missing(each)
            ]
            for house in houses
            for each in house.formulas
        },
        "shares": [each._asdict() for each in facts.shares],
        "loads": [{**each._asdict(), "asked": each.asked, "excess": each.excess} for each in facts.loads],
        "contradictions": [_write_contradiction(each) for each in facts.contradictions],
        "front": facts.front._asdict(),
        "reviews": [
            {"formula": each.formula.subject, "day": each.day.isoformat(), "days": each.days}
            for each in facts.reviews
        ],
        "evidence": [
            {**each._asdict(), "front": each.front._asdict() if each.front else None}
            for each in facts.evidence
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _write_contradiction(found: Contradiction) -> dict[str, str]:
    facts = {"about": found.about, "first": found.first, "second": found.second}
    return {"clash": found.clash.value, "one": found.one.subject, "other": found.other.subject, **facts}
