"""Under which name a house is looked up, and in which order houses stand."""

import pytest

from assessment.model.register import House, Register, Unit

UNIT = Unit(unit_id="noord", title="Eenheid Noord", regions=("Noord",))


def house(title: str) -> House:
    house_id = title.lower().replace(" ", "-").replace("--", "-")
    return House(house_id=house_id, title=title, unit_id="noord", invented=True)


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Veiligheidshuis Terpmark", "Terpmark"),
        ("Zorg- en Veiligheidshuis Hanzevoorde", "Hanzevoorde"),
        ("Huis van Veiligheid Klaverlo", "Huis van Veiligheid Klaverlo"),
        ("Veiligheidshuis", "Veiligheidshuis"),
    ],
)
def test_a_short_title_leaves_out_what_all_houses_are_called(title: str, short: str) -> None:
    assert house(title).short_title == short


def test_houses_stand_by_the_name_that_people_look_up_whatever_kind_of_house_it_is() -> None:
    houses = [
        house("Veiligheidshuis Stuwdal"),
        house("Zorg- en Veiligheidshuis Hanzevoorde"),
        house("Veiligheidshuis regio Klaverlo"),
    ]
    register = Register(units=(UNIT,), houses=tuple(houses))

    ordered = [each.short_title for each in register.sort_houses(register.houses)]

    assert ordered == ["Hanzevoorde", "regio Klaverlo", "Stuwdal"]
