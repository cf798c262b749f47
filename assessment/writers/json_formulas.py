"""Formulas and what follows from them as JSON, for other programs."""

import json
from dataclasses import dataclass

from assessment.engine.clashes import Contradiction
from assessment.engine.formulas import Evidence, FrontShare, Load, Review, Share, find_missing
from assessment.model.formula import FormulaSet


@dataclass(frozen=True)
class PictureFacts:
    """What is written: the formulas of each house, and what follows from them in a year."""

    houses: tuple[FormulaSet, ...]
    year: int
    shares: tuple[Share, ...]
    loads: tuple[Load, ...]
    contradictions: tuple[Contradiction, ...]
    front: FrontShare
    reviews: tuple[Review, ...]
    evidence: tuple[Evidence, ...]


def write_picture(facts: PictureFacts) -> str:
    """Write it as JSON; figures are unrounded, `null` where nobody said."""
    told = {
        "year": facts.year,
        "houses": [each.model_dump(mode="json") for each in facts.houses],
        "missing": {
            each.subject: [
                {"lack": one.lack.value, "about": one.about, "told": str(one)} for one in find_missing(each)
            ]
            for house in facts.houses
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
