"""The register: police units, houses and rounds, as facts with validity dates."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessment.model.rules import Frozen, Name, RulesVersion, in_order, refuse_doubles
from assessment.model.scale import ASKABLE, ASKED, Perspective, Rules

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
FrameworkRef = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9-]*/[0-9.]+$", description="framework_id/version, as in questionnaires/"),
]


_SHARED_WORDS = re.compile(r"^(?:Zorg- en )?Veiligheidshuis ")


class Unit(Frozen):
    """A regional police unit (eenheid) and the safety regions that it covers."""

    unit_id: Slug
    title: Name
    regions: tuple[Name, ...]

    @property
    def short_title(self) -> str:
        """The name without the word that units share, as in a title or above a column."""
        return self.title.removeprefix("Eenheid ")


class District(Frozen):
    """A district of a police unit."""

    district_id: Slug
    title: Name
    unit_id: Slug


class House(Frozen):
    """A Veiligheidshuis; its name is free, its dates are those that a source confirms.

    Of its districts the first is the one that is up for its measures; none may be known.
    """

    house_id: Slug
    title: Name
    unit_id: Slug
    valid_from: date | None = None
    valid_to: date | None = None
    merged_into: Slug | None = None
    source: str = ""
    districts: tuple[Slug, ...] = ()
    teams: tuple[Name, ...] = Field(default=(), description="The names of its basisteams.")
    invented: bool = False
    shares_text: bool = Field(default=False, description="Whether the country may read its explanations.")

    @model_validator(mode="after")
    def dates_follow_each_other(self) -> Self:
        """A house ends after it began."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"{self.house_id}: einddatum ligt vóór begindatum")
        return self

    @model_validator(mode="after")
    def districts_are_named_once(self) -> Self:
        """A district covers a house or it does not."""
        refuse_doubles("districten", self.districts, self.house_id)
        refuse_doubles("basisteams", self.teams, self.house_id)
        return self

    @property
    def district_id(self) -> str | None:
        """The district that is up for its measures; None where none is known."""
        return self.districts[0] if self.districts else None

    @property
    def short_title(self) -> str:
        """The name without the words that houses share, by which people look their house up."""
        return _SHARED_WORDS.sub("", self.title) or self.title


class Round(Frozen):
    """A measuring round (meetronde): which questionnaires, which houses, from when until when."""

    round_id: Slug
    title: Name
    opens: date
    closes: date
    frameworks: Annotated[tuple[FrameworkRef, ...], Field(min_length=1)]
    perspectives: Annotated[tuple[Perspective, ...], Field(min_length=1)] = ASKED
    rules: RulesVersion = Field(
        default=Rules.ONE, description="By which rules its answers are scored and planned, for ever."
    )
    house_ids: tuple[Slug, ...]

    @model_validator(mode="after")
    def dates_follow_each_other(self) -> Self:
        """A round closes after it opened."""
        if self.closes < self.opens:
            raise ValueError(f"{self.round_id}: sluitdatum ligt vóór openingsdatum")
        return self

    @model_validator(mode="after")
    def only_who_can_answer_is_asked(self) -> Self:
        """A joint version and the figure of record are made of answers, and are nobody's own."""
        refuse_doubles("antwoorden van", self.perspectives, self.round_id)
        if strange := [each.value for each in self.perspectives if each not in ASKABLE]:
            askable = ", ".join(ASKABLE)
            raise ValueError(f"{self.round_id}: niet te vragen: {', '.join(strange)}. Kies uit: {askable}")
        return self

    @model_validator(mode="after")
    def houses_are_asked_once(self) -> Self:
        """A house takes part in a round or it does not."""
        refuse_doubles("huizen", self.house_ids, self.round_id)
        return self


class Register(Frozen):
    """All units, districts, houses and rounds that an installation knows."""

    units: tuple[Unit, ...] = ()
    districts: tuple[District, ...] = ()
    houses: tuple[House, ...] = ()
    rounds: tuple[Round, ...] = ()

    @model_validator(mode="after")
    def ids_are_unique(self) -> Self:
        """Nothing is registered twice."""
        refuse_doubles("eenheden", (unit.unit_id for unit in self.units), "register")
        refuse_doubles("districten", (each.district_id for each in self.districts), "register")
        refuse_doubles("huizen", (house.house_id for house in self.houses), "register")
        refuse_doubles("rondes", (each.round_id for each in self.rounds), "register")
        return self

    @model_validator(mode="after")
    def houses_point_to_what_exists(self) -> Self:
        """The unit of a house, and the house that it merged into, are in the register."""
        lost = [house.house_id for house in self.houses if house.unit_id not in self.unit]
        if lost:
            raise ValueError(f"onbekende eenheid bij: {', '.join(lost)}")
        orphans = [h.house_id for h in self.houses if h.merged_into and h.merged_into not in self.house]
        if orphans:
            raise ValueError(f"opgegaan in een onbekend huis: {', '.join(orphans)}")
        return self

    @model_validator(mode="after")
    def districts_are_of_their_unit(self) -> Self:
        """A district is of a unit that is there, and the districts of a house are of its own unit."""
        unit_of = {each.district_id: each.unit_id for each in self.districts}
        if lost := [key for key, unit_id in unit_of.items() if unit_id not in self.unit]:
            raise ValueError(f"onbekende eenheid bij district: {', '.join(lost)}")
        for house in self.houses:
            if foreign := [key for key in house.districts if unit_of.get(key) != house.unit_id]:
                own = [key for key, unit_id in unit_of.items() if unit_id == house.unit_id]
                raise ValueError(
                    f"{house.house_id}: geen district van eenheid {house.unit_id}: {', '.join(foreign)}. "
                    f"Kies uit: {', '.join(own) or 'er is er nog geen'}"
                )
        return self

    @model_validator(mode="after")
    def districts_have_ids_of_their_own(self) -> Self:
        """Who owns a capacity is told by its id alone: a district is called as no unit and no house."""
        taken = {each.district_id for each in self.districts} & (self.unit.keys() | self.house.keys())
        if taken:
            raise ValueError(f"zo heet al een eenheid of een huis: {', '.join(sorted(taken))}")
        return self

    @model_validator(mode="after")
    def mergers_come_to_an_end(self) -> Self:
        """No house merged into itself, by whatever way around."""
        sort_mergers(self.houses)
        return self

    @cached_property
    def unit(self) -> dict[str, Unit]:
        """Each unit by its id."""
        return {unit.unit_id: unit for unit in self.units}

    @cached_property
    def district(self) -> dict[str, District]:
        """Each district by its id."""
        return {each.district_id: each for each in self.districts}

    def districts_of(self, unit_id: str) -> tuple[District, ...]:
        """The districts of a unit, in order."""
        return tuple(each for each in self.districts if each.unit_id == unit_id)

    @cached_property
    def house(self) -> dict[str, House]:
        """Each house by its id."""
        return {house.house_id: house for house in self.houses}

    @cached_property
    def round(self) -> dict[str, Round]:
        """Each round by its id."""
        return {each.round_id: each for each in self.rounds}

    def houses_of(self, round_: Round) -> tuple[House, ...]:
        """The houses of a round, by unit and name: never by score."""
        return self.sort_houses(self.house[house_id] for house_id in round_.house_ids)

    def sort_houses(self, houses: Iterable[House]) -> tuple[House, ...]:
        """Order houses by unit and name."""
        order = {unit.unit_id: place for place, unit in enumerate(self.units)}
        return tuple(
            sorted(
                houses, key=lambda house: (order[house.unit_id], house.short_title.casefold(), house.house_id)
            )
        )


def sort_mergers(houses: Iterable[House]) -> tuple[House, ...]:
    """Order houses so that each comes after the one that it merged into.

    Raises:
        ValueError: houses that merged in a circle.
    """
    house = {each.house_id: each for each in houses}
    into = {key: [each.merged_into] if each.merged_into else [] for key, each in house.items()}
    return tuple(house[key] for key in in_order(into, "huizen opgegaan in een kring"))
