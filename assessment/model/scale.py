"""The words of the scale: marks, kinds, verdicts, phases and actors, each with its sign and Dutch name.

Source: questionnaires/scoring.md, sections 1 to 3; questionnaires/roadmap.md, sections 1 and 2.
"""

from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """A term with the Dutch word that a user reads."""

    dutch: str

    def __new__(cls, name: str, dutch: str = "") -> Self:
        """Make the term from its name in data and its Dutch word."""
        term = str.__new__(cls, name)
        term._value_ = name
        term.dutch = dutch
        return term


class Signed(StrEnum):
    """A term with the one sign and the Dutch word that a user sees, everywhere the same."""

    sign: str
    dutch: str

    def __new__(cls, name: str, sign: str = "", dutch: str = "") -> Self:
        """Make the term from its name in data, its sign and its Dutch word."""
        term = str.__new__(cls, name)
        term._value_ = name
        term.sign, term.dutch = sign, dutch
        return term


class Mark(Signed):
    """What an option says about its question."""

    MEETS = "meets", "●", "voldoet"
    PARTLY = "partly", "◐", "deels"
    NOT_YET = "not_yet", "○", "nog niet"
    UNKNOWN = "unknown", "?", "onbekend"
    NOT_APPLICABLE = "not_applicable", "–", "niet van toepassing"
    DESCRIPTIVE = "descriptive", "·", "beschrijvend"

    @property
    def worth(self) -> float | None:
        """Its value in [0, 1]; None where it is open or never counted."""
        return {Mark.MEETS: 1.0, Mark.PARTLY: 0.5, Mark.NOT_YET: 0.0}.get(self)

    def fits(self, value: float) -> bool:
        """Whether an option with this mark may count for a value of its own."""
        return 0 < value < 1 if self is Mark.PARTLY else value == self.worth


class QuestionKind(Worded):
    """How a question is answered."""

    CHOICE = "choice", "keuze"
    OPEN_TEXT = "open_text", "open tekst"


class Basis(Worded):
    """What a criterion rests on."""

    POLICE = "politierapport", "de politie zegt dit zelf, in het interview over haar eindrapport"
    LAW = "wet", "dit staat in de wet"
    FRAMEWORK = "kader", "dit staat in bronnen over het Landelijk kader"
    ADVICE = "advies", "dit is een advies, geen norm van politie of kader"


class Rules(Worded):
    """By which rules a round is scored and planned; a round keeps its rules for ever."""

    ONE = "1", "regels 1"
    TWO = "2", "regels 2"


class ChangeClass(Worded):
    """What a change of a framework touches."""

    ADDED = "added", "erbij"
    REMOVED = "removed", "vervallen"
    KIND = "kind", "soort"
    WEIGHT = "weight", "gewicht"
    OPTIONS = "options", "keuzes"
    MEASURES = "measures", "maatregelen"
    WORDING = "wording", "woorden"


class Kind(Worded):
    """How binding a criterion is."""

    HARD_NORM = "hard_norm", "harde norm"
    CORE_NORM = "core_norm", "kern hard, vorm vrij"
    LOCAL_ROOM = "local_room", "ruimte (couleur locale)"
    RECOMMENDATION = "recommendation", "aanbeveling"
    OPEN_ISSUE = "open_issue", "ontwikkelpunt"

    @property
    def is_norm(self) -> bool:
        """Whether the phase of a house depends on it."""
        return self in {Kind.HARD_NORM, Kind.CORE_NORM}

    def conforms(self, rules: Rules) -> bool:
        """Whether it counts in conformity; local room did so in the first rules only."""
        return self.is_norm or (rules is Rules.ONE and self is Kind.LOCAL_ROOM)

    def is_scored(self, rules: Rules) -> bool:
        """Whether it gets a score at all; else its answers are an inventory."""
        return self is not Kind.OPEN_ISSUE and (rules is Rules.ONE or self is not Kind.LOCAL_ROOM)

    def asks_work(self, rules: Rules) -> bool:
        """Whether there is something to do while it is open; by rules 2 only norms and recommendations do."""
        return rules is Rules.ONE or self.is_norm or self is Kind.RECOMMENDATION

    @property
    def may_deviate(self) -> bool:
        """Whether a house may agree to do otherwise (pas toe of leg uit)."""
        return self not in {Kind.HARD_NORM, Kind.OPEN_ISSUE}

    @property
    def plan_weight(self) -> int:
        """How heavy its finish weighs in a plan."""
        return {Kind.HARD_NORM: 3, Kind.CORE_NORM: 2}.get(self, 1)


class Verdict(Signed):
    """What the answers to a criterion come to."""

    MEETS = "meets", "●", "voldoet"
    PARTLY = "partly", "◐", "voldoet deels"
    NOT_YET = "not_yet", "○", "voldoet nog niet"
    UNDETERMINED = "undetermined", "?", "nog onbepaald"
    EXPLAINED = "explained", "◆", "bewust anders"
    NOT_APPLICABLE = "not_applicable", "–", "niet van toepassing"
    NOT_SCORED = "not_scored", "·", "geen oordeel"


class Phase(Worded):
    """Where a house stands as a whole."""

    PIONEERING = "pioneering", "pioniersfase"
    TRANSITION = "transition", "in transitie"
    BY_FRAMEWORK = "by_framework", "volgens het kader"


class Face(Worded):
    """How alike houses are on a criterion."""

    ONE = "one", "één gezicht"
    SAME_GAP = "same_gap", "overal hetzelfde gat"
    MANY = "many", "meer gezichten"
    UNDETERMINED = "undetermined", "nog niet te zeggen"


class Change(Worded):
    """Which way a criterion went between two rounds."""

    UP = "up", "vooruit"
    DOWN = "down", "achteruit"
    BECAME_UNKNOWN = "became_unknown", "onbekend geworden"
    BECAME_KNOWN = "became_known", "bekend geworden"
    SAME = "same", "gelijk gebleven"
    NOT_COMPARED = "not_compared", "niet te vergelijken (niet van toepassing)"


class Agreement(Worded):
    """Whether house and police judge a criterion alike."""

    AGREE = "agree", "eens"
    DIFFER = "differ", "verschillend"
    OPEN = "open", "niet te vergelijken"


class CarriesOver(Worded):
    """Whether an answer to a question can be compared between two rounds, or why not."""

    SAME = "same", "gelijk"
    NEW = "new", "nieuw"
    GONE = "gone", "vervallen"
    OTHER_WORDS = "other_words", "andere woorden"
    OTHER_OPTIONS = "other_options", "andere antwoorden"


class Perspective(Worded):
    """Whose answers about a house: of one of those that are asked, or what house and police agreed on.

    `RECORD` is nobody's own: of each house what it agreed on with its police, else its own answers.
    """

    RECORD = "vastgesteld", "beeld dat telt"
    HOUSE = "huis", "het huis"
    POLICE = "politie", "de politie"
    PARTNERS = "partners", "de partners"
    JOINT = "gezamenlijk", "huis en politie samen"

    @property
    def who(self) -> str:
        """Who has to hand in before there is anything to see, in words."""
        return Perspective.HOUSE.dutch if self is Perspective.RECORD else self.dutch


# Who is asked unless a round says otherwise; a joint version is made of what they hand in.
ASKED = (Perspective.HOUSE, Perspective.POLICE)
# Who may be asked: OM, municipalities and care may check themselves too, and have no part in a joint version.
ASKABLE = (*ASKED, Perspective.PARTNERS)


class Actor(Worded):
    """Who is up for a measure: the usual ones, and whoever a framework of another kind names itself.

    Such an actor is called as it is written; `Framework.actors` says which there are.
    """

    HOUSE = "Veiligheidshuis", "het Veiligheidshuis"
    UNIT = "politie-eenheid", "de politie-eenheid"
    DISTRICT = "district", "het district"
    TEAM = "basisteam", "het basisteam"
    MUNICIPALITIES = "gemeenten", "de gemeenten"
    PROSECUTION = "OM", "het OM"
    BOARD = "stuurgroep", "de stuurgroep"
    PARTNERS = "partners", "de partners"
    STATE = "Rijk", "het Rijk"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Make the actor that a framework names; it is equal to any other of that name."""
        if not isinstance(value, str) or not value.strip():
            return None
        actor = str.__new__(cls, value)
        actor._name_ = actor._value_ = actor.dutch = value
        return actor

    @property
    def capacity(self) -> int:
        """How many measures it carries at once, unless told otherwise."""
        return 3 if self in {Actor.HOUSE, Actor.UNIT} else 2
