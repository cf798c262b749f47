"""The houses of a unit side by side, who is up, and who waits for whom."""

from io import BytesIO
from zipfile import ZipFile

import pandas as pd

from assessment.engine.roadmap.chain import find_waits
from assessment.engine.roadmap.plan import Plan
from assessment.model.decisions import NOTHING_DECIDED, Decisions
from assessment.model.frames import WAITS
from assessment.model.register import District, House, Register, Unit
from assessment.tables.formats import name_actors
from assessment.tables.groups import count_waits, list_up, list_waits
from assessment.writers.downloads import write_bundle
from tests import builders
from tests.plans import BEGIN, make

HOUSES = tuple(House(house_id=key, title=f"Huis {key}", unit_id="noord") for key in ("h1", "h0"))
REGISTER = Register(units=(Unit(unit_id="noord", title="Noord", regions=()),), houses=HOUSES)


def handing_over(decisions: Decisions = NOTHING_DECIDED) -> Plan:
    """The house takes over in the first quarter, the police stops in the second."""
    measures = [
        builders.measure("LOS-2.M1", title="Het huis neemt over"),
        builders.measure("LOS-2.M2", title="De politie stopt", actor="basisteam", lets_go_after="LOS-2.M1"),
        builders.measure("LOS-2.M3", title="Het team vertelt", actor="basisteam", needs_first=["LOS-2.M2"]),
    ]
    asked = builders.questionnaire(builders.criterion("LOS-2", quarters=3, measures=measures))
    return make(asked, decisions=decisions)


def test_who_waits_for_somebody_else_is_told_with_until_when() -> None:
    made = handing_over()

    waits = find_waits(made)

    assert list_waits(waits, BEGIN, made.problem.questionnaire, REGISTER).to_dict("records") == [
        {
            "Huis": "Huis h0",
            "Wie wacht": "basisteam",
            "Om te beginnen met": "De politie stopt",
            "Op wie": "Veiligheidshuis",
            "Tot klaar is": "Het huis neemt over",
            "Tot en met": "2027-K1",
        }
    ]
    assert count_waits(waits).to_dict("records") == [
        {"Wie wacht, en hoe vaak op wie": "het basisteam", "Veiligheidshuis": "1"}
    ]
    assert count_waits(WAITS.empty()).empty


def test_once_a_plan_has_begun_what_waits_for_the_present_waits_for_nobody() -> None:
    made = handing_over(Decisions(now=BEGIN + 2))

    waits = find_waits(made)

    assert waits[["measure_id", "on_measure_id", "until"]].to_dict("records") == [
        {"measure_id": "LOS-2.M2", "on_measure_id": "LOS-2.M1", "until": 2}
    ]


def test_who_is_up_in_a_quarter_stands_by_actor_with_begin_and_end() -> None:
    made = handing_over()

    up = list_up(made.roadmap, 1, BEGIN, made.problem.questionnaire, REGISTER)

    assert up.to_dict("records") == [
        {
            "Aan zet": "Basisteam",
            "Huis": "Huis h0",
            "Maatregel": "De politie stopt",
            "Voor criterium": "LOS-2",
            "Begin": "2027-K2",
            "Eind": "2027-K2",
        }
    ]


def test_the_same_files_make_the_same_bundle() -> None:
    files = [("a.xlsx", b"1"), ("b.xlsx", b"2")]

    bundle = write_bundle(files)

    assert bundle == write_bundle(files)
    assert {name: ZipFile(BytesIO(bundle)).read(name) for name in ("a.xlsx", "b.xlsx")} == dict(files)


def test_a_district_and_basisteams_are_called_by_their_names() -> None:
    known = HOUSES[0].model_copy(update={"districts": ("rand",), "teams": ("Oost", "West")})
    district = District(district_id="rand", title="District Rand", unit_id="noord")
    register = Register(units=REGISTER.units, districts=(district,), houses=(known, *HOUSES[1:]))
    rows = pd.DataFrame(
        [(house.house_id, actor) for house in HOUSES[:2] for actor in ("district", "basisteam", "OM")],
        columns=["house_id", "actor"],
    )

    named = name_actors(rows, register)

    assert named == ["District Rand", "basisteam (Oost, West)", "OM", "district", "basisteam", "OM"]
