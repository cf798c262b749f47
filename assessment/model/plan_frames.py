"""The frames that say what steers a plan: what decides its end, what holds it up."""

from assessment.model.frames import FrameSchema

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
