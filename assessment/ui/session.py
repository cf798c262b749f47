"""What a session remembers from one run of a page to the next, and what its widgets are called.

Only this module touches `st.session_state`. Each thing that is kept stands here once, with its name, its
type and what it is at first; whoever needs it takes it from here, so no two can mean the same name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from assessment.errors import ConflictError, UserError
from assessment.model.answers import Whose
from assessment.model.decisions import PlanLine
from assessment.model.draft import Content, Draft, DraftRow
from assessment.service.formulas import FormulaEdit, PartyCapacityEdit
from assessment.service.intake import FileOutcome, NamedFile
from assessment.service.plans.decisions import Edit
from assessment.service.plans.underway import Underway

Id = TypeVar("Id")
Value = TypeVar("Value")

Place = tuple[str, str]
"""The id of a draft, and of the question, criterion or theme in it."""


@dataclass(frozen=True)
class Kept(Generic[Value]):
    """One thing that is kept: its name, and what it is at first."""

    name: str
    default: Value

    def get(self) -> Value:
        """Return what is kept, else what it is at first."""
        value: Value = st.session_state.get(self.name, self.default)
        return value

    def put(self, value: Value) -> None:
        """Keep this from now on."""
        st.session_state[self.name] = value

    def take(self) -> Value:
        """Return what is kept and forget it: it is shown once."""
        value = self.get()
        self.forget()
        return value

    def forget(self) -> None:
        """Be as it was at first."""
        st.session_state.pop(self.name, None)


@dataclass(frozen=True)
class KeptRows(Generic[Id, Value]):
    """Many of one kind that are kept, each under an id."""

    name: str

    @property
    def rows(self) -> dict[Id, Value]:
        """All of them, to read and to change; at first none."""
        rows: dict[Id, Value] = st.session_state.setdefault(self.name, {})
        return rows


@dataclass(frozen=True)
class Widget(Generic[Value]):
    """A widget that is read or filled outside the run that shows it, by its key."""

    key: str

    @property
    def is_known(self) -> bool:
        """Whether it says anything: it is on the page, or was filled to be shown."""
        return self.key in st.session_state

    def read(self) -> Value:
        """Return what it says.

        Raises:
            KeyError: it is not on the page; what it would say is then no empty text.
        """
        value: Value = st.session_state[self.key]
        return value

    def read_or(self, default: Value) -> Value:
        """Return what it says, or the default where it need not be on the page."""
        return self.read() if self.is_known else default

    def fill(self, value: Value) -> None:
        """Let it say this; only before it is shown in this run."""
        st.session_state[self.key] = value


@dataclass(frozen=True)
class Choice:
    """What is chosen above a page; its name is that in the address, so it does not change."""

    name: str

    @property
    def widget(self) -> Widget[str | None]:
        """In which it is chosen."""
        return Widget(self.name)

    @property
    def kept(self) -> Kept[str | None]:
        """What goes along to other pages."""
        return Kept(f"gekozen-{self.name}", None)

    @property
    def unchosen(self) -> Kept[str | None]:
        """What a page showed in the place of what was chosen elsewhere; nobody chose it."""
        return Kept(f"ongekozen-{self.name}", None)

    @property
    def title(self) -> Kept[str | None]:
        """What people call it."""
        return Kept(f"titel-{self.name}", None)

    @property
    def rights(self) -> Kept[int]:
        """With which rights it was chosen, as `RIGHTS` counts them."""
        return Kept(f"rechten-{self.name}", 0)

    @property
    def seen(self) -> Kept[str | None]:
        """What the address said when it was last looked at: whatever else it says is new."""
        return Kept(f"adres-{self.name}", None)


class Held(NamedTuple):
    """What somebody wrote that is not stored, why not, and what stood there when they wrote it."""

    mine: Content
    before: Content
    error: UserError

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed the same."""
        return isinstance(self.error, ConflictError)


class Message(NamedTuple):
    """What became of a click."""

    text: str
    done: bool


class Going(NamedTuple):
    """Where a click leads: to which page, and what is chosen there."""

    page: str
    choices: dict[str, str]


class Written(NamedTuple):
    """A file that is made before somebody takes it along: of what, since when, and how far it is."""

    of: tuple[object, ...]
    made: datetime
    making: Underway[bytes]


class Key(StrEnum):
    """The keys of the widgets: each of one widget, or of a row of them that differ in what follows."""

    SIGN_OUT = "afmelden"

    FILES = "bestand"
    RECEIPT = "ontvangst"
    HAND_IN = "lever"
    MEANT = "bedoeld"
    FINISH = "afmaken"
    HAND_IN_REASON = "lever-reden"
    HAND_IN_ANYWAY = "lever-toch"
    HAND_IN_EMPTIER = "lever-minder"

    DRAFT_FILE = "conceptbestand"
    DRAFT_FILE_REASON = "conceptreden"
    DRAFT_THEME = "concept-thema"
    DRAFT_FIELD = "concept"
    DRAFT_ANYWAY = "concept-toch"
    DRAFT_TAKE_BACK = "concept-terug"
    DRAFT_CONFLICT = "concept-kies"
    DRAFT_REMOVE = "concept-weghalen"
    DRAFT_AS_EARLIER = "concept-vorige"

    PLAN_FORM = "plan-regel"
    PLAN_MEASURE = "plan-maatregel"
    PLAN_FIELD = "plan"
    PLAN_MINE = "plan-mijn"
    PLAN_THEIRS = "plan-hun"
    PLAN_ANYWAY = "plan-toch"
    PLAN_REPAIR = "plan-aanpassen"
    PLAN_FILE = "plan-bestand"
    PLAN_PROPOSAL = "plan-neem"
    PLAN_TAKE_OVER = "plan-overnemen"
    PLAN_ADOPT = "plan-vaststellen"
    RECOMMENDATIONS = "plan-aanbevelingen"
    RECOMMENDATIONS_KEEP = "plan-aanbevelingen-bewaren"
    WHAT_IF = "wat-als"
    TABLE = "tabel"

    FORMULA = "formule"
    FORMULA_FORM = "formule-regel"
    FORMULA_FIELD = "formule-veld"
    FORMULA_PART = "formule-deel"
    FORMULA_PLACE = "formule-plek"
    FORMULA_MINE = "formule-mijn"
    FORMULA_THEIRS = "formule-hun"
    FORMULA_ANYWAY = "formule-toch"
    FORMULA_REPAIR = "formule-aanpassen"
    FORMULA_START = "formule-begin"
    FORMULA_TITLE = "formule-naam"
    FORMULA_FILE = "formule-bestand"
    FORMULA_TAKE = "formule-overnemen"
    CAPACITY = "formule-heeft"

    SEVERAL_HOUSES = "rapporten-huizen"
    SEVERAL_ALL = "rapporten-alle"
    SEVERAL_KINDS = "rapporten-soorten"
    BUNDLE_WRITE = "zip-maak"
    BUNDLE_TAKE = "zip-neem"

    REMINDER = "herinnering"
    REOPENING_REASON = "reden-ronde"
    CLOSING_READ = "sluiten-gezien"

    VERSION_STEP = "versie-stap"
    VERSION_REASON = "versie-reden"
    DIFFERENCE = "keuze"

    ACCOUNT = "beheer-account"
    ACCOUNT_FORM = "beheer-toevoegen"
    ACCOUNT_ROLE = "beheer-recht"
    ACCOUNT_PLACE = "beheer-plaats"
    ACCOUNT_REVOKE = "beheer-intrekken"
    ACCOUNT_SUBJECT = "beheer-nummer"
    ACCOUNT_LINK = "beheer-koppelen"
    ACCOUNT_END = "beheer-beeindigen"

    REGISTER_FILE = "register-bestand"
    REGISTER_IMPORT = "register-overnemen"
    REGISTER_KNOWN = "register-bekend"
    ROUND_FORM = "ronde-openen"

    DISTRICT_FORM = "district-toevoegen"
    DISTRICT_REMOVE = "district-verwijderen"
    DISTRICT_HOUSE = "district-huis"
    DISTRICT_SAVE = "district-bewaren"
    DISTRICTS_OF_HOUSE = "district-van-huis"
    TEAMS_OF_HOUSE = "basisteams-van-huis"

    def of(self, *parts: object) -> str:
        """The key of the one widget of its kind that is about these."""
        return "/".join([self, *map(str, parts)])


PAGES: Kept[Mapping[str, Page]] = Kept("paginas", {})
PAGE: Kept[str] = Kept("pagina", "")  # the title of the page that is shown
GOING: Kept[Going | None] = Kept("onderweg", None)
# Where the title of the page comes if the page ends before it has one; None where it has.
UNTITLED: Kept[DeltaGenerator | None] = Kept("zonder-titel", None)
# What the address of a page that just opened will say, by the name of the choice.
ADDRESS: KeptRows[str, str] = KeptRows("adres")
NOTICE: Kept[str] = Kept("melding", "")
SUCCESS: Kept[str] = Kept("gedaan", "")

MOVED: Kept[bool] = Kept("verzet", default=False)
"""Whether somebody moved a choice by hand since the run before began."""
BY_HAND: Kept[bool] = Kept("met-de-hand", default=False)
"""Whether this run is of a choice moved by hand, so that its address may be one of before."""
RIGHTS = Kept("rechten", 0)
"""How often the visitor of a trial took other rights."""
# What is chosen above a page is called as in the address, so these names do not change.
HOUSE: Widget[str] = Widget("huis")
SOUGHT: Widget[str] = Widget("zoek")
INVENTORY_SOUGHT: Widget[str] = Widget("zoek-inventaris")
TRIED_ROLE: Widget[str | None] = Widget("rol")

MEANT: KeptRows[str, frozenset[str]] = KeptRows("bedoeld")  # the questions, by the sha256 of the file
OUTCOMES: KeptRows[str, FileOutcome] = KeptRows("bestanden")  # by the sha256 of the file

SEEN: KeptRows[Place, DraftRow[Content]] = KeptRows("concept-gezien")
HELD: KeptRows[Place, Held] = KeptRows("concept-vastgehouden")
SAVED: Kept[tuple[Place, datetime] | None] = Kept("concept-bewaard", None)
CHECKED: Kept[tuple[Draft, FileOutcome] | None] = Kept("concept-gecontroleerd", None)
DELIVERED: Kept[tuple[Whose, FileOutcome] | None] = Kept("concept-ingeleverd", None)

LINE_MESSAGE: Kept[Message | None] = Kept("plan-bericht", None)
LINE_CONFLICT: Kept[Edit | None] = Kept("plan-botsing", None)
LINE_PERSONAL: Kept[tuple[Edit, str] | None] = Kept("plan-persoon", None)  # and why it may be about a citizen

FORMULA_MESSAGE: Kept[Message | None] = Kept("formule-bericht", None)
FORMULA_CONFLICT: Kept[FormulaEdit | PartyCapacityEdit | None] = Kept("formule-botsing", None)
# And why it may be about a citizen.
FORMULA_PERSONAL: Kept[tuple[FormulaEdit | PartyCapacityEdit, str] | None] = Kept("formule-persoon", None)

WHAT_IF_MESSAGE: Kept[str] = Kept("wat-als-melding", "")
# What the what-if shows next, whatever it said.
WHAT_IF_ANEW: Kept[str | None] = Kept("wat-als-opnieuw", None)

# The newest zip of plans that was asked.
WRITTEN: Kept[Written | None] = Kept("rapporten-zip", None)

NEW_ACCOUNT: Widget[str] = Widget("nieuw-account")
NEW_NAME: Widget[str] = Widget("nieuw-naam")
NEW_SUBJECT: Widget[str] = Widget("nieuw-nummer")

ROUND_TITLE: Widget[str] = Widget("nieuwe-ronde-naam")
ROUND_OPENS: Widget[date | None] = Widget("nieuwe-ronde-van")
ROUND_CLOSES: Widget[date | None] = Widget("nieuwe-ronde-tot")
ROUND_FRAMEWORKS: Widget[list[str]] = Widget("nieuwe-ronde-kader")
ROUND_ASKED: Widget[list[str]] = Widget("nieuwe-ronde-wie")

DISTRICT_ID: Widget[str] = Widget("district-kenmerk")
DISTRICT_TITLE: Widget[str] = Widget("district-naam")
DISTRICT_UNIT: Widget[str] = Widget("district-eenheid")


def tried_place(role: str) -> Widget[str | None]:
    """The house or unit with which a role is tried."""
    return Widget(f"rol-bij-{role}")


def draft_field(draft: Draft, row: str, field: str) -> Widget[str | date | None]:
    """A field of a row of a draft."""
    return Widget(Key.DRAFT_FIELD.of(draft.draft_id, row, field))


def kept_what_if(house_ids: Iterable[str]) -> Kept[str]:
    """What is tried on the plan of houses, as the address has it; at first nothing was."""
    return Kept("/".join(["wat-als-van", *house_ids]), "")


def plan_field(line: PlanLine, field: str) -> Widget[object]:
    """A field of a line of a plan; another version has widgets of its own, which show what is stored."""
    return Widget(Key.PLAN_FIELD.of(line.house_id, line.measure_id, line.version, field))


def proposal_box(sha256: str, line: PlanLine) -> Widget[bool]:
    """The box to take a line of a file over, in place of this version of it."""
    return Widget(Key.PLAN_PROPOSAL.of(sha256, line.measure_id, line.version))


def subject_of(account_id: str) -> Widget[str]:
    """The number with which somebody is to sign in as an account."""
    return Widget(Key.ACCOUNT_SUBJECT.of(account_id))


def house_districts(house_id: str, version: int) -> Widget[list[str]]:
    """The districts of a house; another version of the house has a widget of its own."""
    return Widget(Key.DISTRICTS_OF_HOUSE.of(house_id, version))


def house_teams(house_id: str, version: int) -> Widget[str]:
    """The basisteams of a house, as `house_districts`."""
    return Widget(Key.TEAMS_OF_HOUSE.of(house_id, version))


def keep_handed_in(handed_in: FileOutcome) -> None:
    """Remember what became of a file; the other pages then open on its house."""
    OUTCOMES.rows[handed_in.file.sha256] = handed_in
    if handed_in.submission_id and handed_in.receipt is not None:
        HOUSE.fill(handed_in.receipt.house.house_id)


def toggle_meant(sha256: str, question_id: str) -> None:
    """Take what was suggested at a question of a file as what the house meant, or no longer."""
    MEANT.rows[sha256] = MEANT.rows.get(sha256, frozenset()) ^ {question_id}
    OUTCOMES.rows.pop(sha256, None)


def find_handed_in(file: NamedFile) -> FileOutcome | None:
    """What became of a file with these very bytes in this session."""
    return OUTCOMES.rows.get(file.sha256)


def go_to_theme(theme_id: str) -> None:
    """Remember which theme of a draft to show, whatever the address still says of the one before."""
    MOVED.put(value=True)
    Choice("thema").kept.put(theme_id)
    Choice("thema").title.forget()
