"""Safety formulas: those that a visitor may see, what follows from them, and what there is to start from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from assessment.engine.clashes import find_contradictions
from assessment.engine.evidence import find_evidence
from assessment.engine.formulas import (
    Load,
    find_front_share,
    find_reviews,
    list_shares,
    sum_loads,
)
from assessment.errors import FormulaError, FrameworkError
from assessment.model.access import Task
from assessment.model.audit import OF_FORMULAS, PASSING
from assessment.model.effort import PartyCapacity
from assessment.model.formula import Formula, FormulaSet, KeptFormula
from assessment.model.register import House, Register
from assessment.model.texts import FormulaTexts
from assessment.readers.files import read_model
from assessment.service.lookup import find_registered, refuse_unknown_unit
from assessment.service.queries.reader import Computed, Reader
from assessment.store.formulas import load_formula_versions, load_formulas, load_party_capacities
from assessment.tables.formula_board import Picture
from assessment.writers.formula_sheet import write_formula_workbook


@dataclass(frozen=True)
class HouseFormulas:
    """The formulas of a house, the newest version of each by id, and what its parties have."""

    house: House
    kept: tuple[KeptFormula, ...]
    capacities: tuple[PartyCapacity, ...]

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas themselves."""
        return tuple(each.formula for each in self.kept)

    @property
    def as_file(self) -> FormulaSet:
        """The same as a file holds it."""
        return FormulaSet(house_id=self.house.house_id, formulas=self.formulas, capacities=self.capacities)


@dataclass(frozen=True)
class FormulaPicture(Picture):
    """What follows from the formulas of one house, or of houses together, in a year.

    `contradictions` are those in which one of the two formulas is of these houses.
    """

    houses: tuple[HouseFormulas, ...]

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Every formula of these houses."""
        return tuple(chain.from_iterable(each.formulas for each in self.houses))

    @property
    def too_much(self) -> tuple[Load, ...]:
        """The parties that are asked more than they have."""
        return tuple(each for each in self.loads if each.excess)


@dataclass(frozen=True)
class FormulaStart:
    """What a formula can start from: where it comes from, and the draft that it would be."""

    title: str
    source: str
    formula: Formula


class FormulaQueries(Reader):
    """Safety formulas; the country sees those of a house only where that house shares its texts."""

    def find_formulas(self, house_id: str) -> HouseFormulas:
        """The formulas of a house.

        Raises:
            UnknownHouseError: the register does not know the house.
            NotAllowedError: the visitor may not see its formulas.
        """
        (found,) = self._load_formulas([self._find_seen(self._load_register(), house_id)])
        return found

    def list_formulas(self, unit_id: str | None = None) -> tuple[HouseFormulas, ...]:
        """The formulas of every house of which the visitor may see them, by unit and name.

        Args:
            unit_id: only those of this police unit.

        Raises:
            UnknownUnitError: the register does not know the unit.
            NotAllowedError: the visitor may see those of no house.
        """
        return self._load_formulas(self._list_seen(self._load_register(), unit_id))

    def find_formula(self, house_id: str, formula_id: str) -> KeptFormula:
        """One formula of a house.

        Raises:
            UnknownHouseError, NotAllowedError: as `find_formulas`.
            FormulaError: the house has no such formula.
        """
        return self.list_formula_versions(house_id, formula_id)[0]

    def list_formula_versions(self, house_id: str, formula_id: str) -> tuple[KeptFormula, ...]:
        """Every version of a formula that is kept, the newest first; raises as `find_formula`."""
        versions = self.find_versions_of_house(house_id)
        if formula_id not in versions:
            known = ", ".join(versions) or "er is er nog geen"
            house = find_registered(self._load_register(), house_id)
            raise FormulaError(f"Formule '{formula_id}' is er niet bij {house.title}. Kies uit: {known}.")
        return versions[formula_id]

    def find_versions_of_house(self, house_id: str) -> dict[str, tuple[KeptFormula, ...]]:
        """Every version that is kept of each formula of a house, by its id; raises as `find_formulas`."""
        self._find_seen(self._load_register(), house_id)
        with self.installation.store.reading() as session:
            return load_formula_versions(session, house_id)

    def find_formula_picture(
        self, house_id: str | None = None, unit_id: str | None = None, year: int | None = None
    ) -> FormulaPicture:
        """What follows from the formulas of a house, of the houses of a unit, or of all that may be seen.

        Args:
            house_id: the house; its formulas are held against those of its whole unit, as far as these may
                be seen.
            unit_id: the unit, where it is not about one house.
            year: for which year effort is added up; without one, this year.

        Raises:
            UnknownHouseError, UnknownUnitError, NotAllowedError: as `find_formulas` and `list_formulas`.
        """
        state = self._find_state(PASSING - OF_FORMULAS)
        register = self._load_register()
        if house_id is None:
            chosen = around = self._list_seen(register, unit_id)
        else:
            chosen = (self._find_seen(register, house_id),)
            around = self._list_seen(register, chosen[0].unit_id)
        asked = year or self._today.year
        make = partial(self._make_picture, register, chosen, around, asked)
        ids = [[each.house_id for each in houses] for houses in (chosen, around)]
        return self.cache(Computed.OF_HOUSES, repr(("formulas", state, ids, asked, self._today)), make)

    def list_formula_starts(self, house_id: str, formula_id: str) -> tuple[FormulaStart, ...]:
        """What a new formula of a house can start from: the examples, and what other houses share.

        Of another house no hours, mandates, measurements or who directs come along.

        Raises:
            UnknownHouseError: the register does not know the house.
            NotAllowedError: the visitor may not change its formulas.
            FrameworkError: the examples cannot be read.
        """
        register = self._load_register()
        self._require(Task.CHANGE_FORMULAS, find_registered(register, house_id))
        examples = (
            FormulaStart(each.title, each.source, each.as_start(house_id, formula_id))
            for each in self.find_formula_texts().examples
        )
        shared = (
            FormulaStart(each.title, register.house[each.house_id].title, each.as_start(house_id, formula_id))
            for each in self._list_shared(register, house_id)
        )
        return (*examples, *shared)

    def find_formula_texts(self) -> FormulaTexts:
        """What is told of formulas, for everybody.

        Raises:
            FrameworkError: the text is not sound.
        """
        self._require(Task.SEE_REGISTER)
        return read_model(self.installation.settings.reports / "formulas.yaml", FormulaTexts, FrameworkError)

    def export_formulas(self, house_id: str) -> bytes:
        """The formulas of a house as JSON, to change and take over again; raises as `find_formulas`."""
        written = self.find_formulas(house_id).as_file.model_dump_json(indent=2)
        return f"{written}\n".encode()

    def export_formula_sheet(self, house_id: str) -> bytes:
        """The same as a workbook of one sheet, to change and load back; raises as `find_formulas`."""
        return write_formula_workbook(self.find_formulas(house_id).as_file)

    def _find_seen(self, register: Register, house_id: str) -> House:
        house = find_registered(register, house_id)
        self._require(Task.SEE_FORMULAS, house)
        return house

    def _list_seen(self, register: Register, unit_id: str | None) -> tuple[House, ...]:
        if unit_id is not None:
            refuse_unknown_unit(register, unit_id)
        houses = (each for each in register.houses if unit_id in {None, each.unit_id})
        seen = register.sort_houses(each for each in houses if self.may(Task.SEE_FORMULAS, each))
        if not seen:
            self._require(Task.SEE_FORMULAS)
        return seen

    def _load_formulas(self, houses: Iterable[House]) -> tuple[HouseFormulas, ...]:
        chosen = list(houses)
        house_ids = [each.house_id for each in chosen]
        with self.installation.store.reading() as session:
            kept = load_formulas(session, house_ids)
            capacities = load_party_capacities(session, house_ids)
        return tuple(
            HouseFormulas(
                house,
                tuple(each for each in kept if each.formula.house_id == house.house_id),
                tuple(each for each in capacities if each.house_id == house.house_id),
            )
            for house in chosen
        )

    def _list_shared(self, register: Register, house_id: str) -> tuple[Formula, ...]:
        others = [key for key in register.house if key != house_id]
        with self.installation.store.reading() as session:
            return tuple(each.formula for each in load_formulas(session, others) if each.formula.shared)

    def _make_picture(
        self, register: Register, houses: Sequence[House], others: Sequence[House], year: int
    ) -> FormulaPicture:
        chosen, around = self._load_formulas(houses), self._load_formulas(others)
        formulas = tuple(chain.from_iterable(each.formulas for each in chosen))
        unit_of = {each.house_id: each.unit_id for each in register.houses}
        own = {each.house_id for each in houses}
        contradictions = find_contradictions(chain.from_iterable(each.formulas for each in around), unit_of)
        return FormulaPicture(
            houses=chosen,
            year=year,
            shares=list_shares(formulas),
            loads=sum_loads(formulas, chain.from_iterable(each.capacities for each in chosen), year),
            contradictions=tuple(
                each for each in contradictions if own & {each.one.house_id, each.other.house_id}
            ),
            front=find_front_share(formulas),
            reviews=find_reviews(formulas, self._today),
            evidence=find_evidence(formulas),
        )
