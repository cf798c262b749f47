"""The frames that say what steers a plan: what decides its end, what holds it up."""

from assessment.model.frames import FrameSchema
from assessment.model.scale import Worded

CHAIN = FrameSchema(
    "CHAIN",
    {
        "place": "int64",
        "house_id": "str",
        "criterion_id": "str",
        "measure_id": "str",
        "actor": "str",
        "first": "int64",
        "last": "int64",
        "hold": "str",
    },
    key=("place",),
)
"""What decides when a plan is there, in order of time; `hold` is why each starts when it does (`Hold`)."""
HOLD_UPS = FrameSchema(
    "HOLD_UPS",
    {
        "house_id": "str",
        "criterion_id": "str",
        "last": "int64",
        "quarters": "int64",
        "without_capacity": "str",
    },
    key=("house_id", "criterion_id"),
)
"""What is finished after the horizon: how many quarters of work its chain takes, and the actors (with `;`
between them, most often first) whose capacity it waits for."""
ALL_HOUSES = ""
"""Stands for all houses of a plan together, where a house_id would stand for one."""


class Subject(Worded):
    """What is reached at some time; beside these each hard norm is one, by its criterion_id."""

    BY_FRAMEWORK = "by_framework", "volgens het kader"
    HARD_NORMS = "hard_norms", "alle harde normen"
    PLAN = "plan", "laatste maatregel klaar"


ESTIMATES = FrameSchema(
    "ESTIMATES",
    {"house_id": "str", "subject": "str", "planned": "int64", "half": "int64", "most": "int64"},
    key=("house_id", "subject"),
)
"""When something is reached: as planned, with a probability of 50 %, and with one of 80 %."""
PHASE_COUNTS = FrameSchema(
    "PHASE_COUNTS",
    {"quarter": "int64", "phase": "str", "houses": "int64"},
    key=("quarter", "phase"),
)
"""How many houses are surely in each phase after each quarter; no phase where no norm applies to a house."""
NOTHING_LEFT, NEVER = -1, 9999
"""Stand for a quarter where a plan has nothing left to do, and where it dropped what would be needed."""
FINISH_CHANGES = FrameSchema(
    "FINISH_CHANGES",
    {"house_id": "str", "criterion_id": "str", "present": "int64", "tried": "int64"},
    key=("house_id", "criterion_id"),
)
"""The last quarter of each criterion in the present plan and in the one tried, or one of the two below."""
END_CHANGES = FrameSchema(
    "END_CHANGES",
    {"house_id": "str", "subject": "str", "present": "int64", "tried": "int64"},
    key=("house_id", "subject"),
)
"""The quarter in which each `Subject` is reached, in the present plan and in the one tried."""
WAITS = FrameSchema(
    "WAITS",
    {
        "house_id": "str",
        "measure_id": "str",
        "actor": "str",
        "on_measure_id": "str",
        "on_actor": "str",
        "until": "int64",
    },
    key=("house_id", "measure_id", "on_measure_id"),
)
"""Who waits for whom: a measure that starts right after somebody else's, and the last quarter of that one."""
