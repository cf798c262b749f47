"""The frames of what is put side by side: two rounds, and a house and its police."""

from assessment.model.frames import FrameSchema

# By how much the conformity of houses changed between two rounds (`whole`), and of what that came; ends are
# as they were told, changes are of midpoints. `by_not_applicable`: it rose only because more is n.v.t.
HOUSE_CHANGES = FrameSchema(
    "HOUSE_CHANGES",
    {
        "house_id": "str",
        "before_low": "float64",
        "before_high": "float64",
        "after_low": "float64",
        "after_high": "float64",
        "whole": "float64",
        "house": "float64",
        "questionnaire": "float64",
        "rules": "float64",
        "by_not_applicable": "bool",
    },
    key=("house_id",),
)
# The verdicts on the questions that both rounds ask alike, and which way that went (a `Change`).
CRITERION_CHANGES = FrameSchema(
    "CRITERION_CHANGES",
    {"house_id": "str", "criterion_id": "str", "before": "str", "after": "str", "change": "str"},
    key=("house_id", "criterion_id"),
)
# The verdict of a house and of its police on a criterion, and whether they agree (an `Agreement`).
AGENDA = FrameSchema(
    "AGENDA",
    {"house_id": "str", "criterion_id": "str", "own": "str", "theirs": "str", "agreement": "str"},
    key=("house_id", "criterion_id"),
)
