"""What Kaderscan tells about a file: a code, a place, a Dutch sentence and what to do."""

from enum import StrEnum

from assessment.model.rules import Frozen


class IssueCode(StrEnum):
    """Every kind of remark about a questionnaire, with the sentence that a user reads."""

    UNKNOWN_ANSWER = "unknown_answer"
    UNKNOWN_ROW = "unknown_row"
    DOUBLE_ROW = "double_row"
    MISSING_ROW = "missing_row"
    HALF_DEVIATION = "half_deviation"
    NO_DATE = "no_date"
    NO_DEVIATION = "no_deviation"

    @property
    def sentence(self) -> str:
        """The Dutch sentence; `{…}` are filled in per case."""
        return _SENTENCES[self]


_SENTENCES = {
    IssueCode.UNKNOWN_ANSWER: "'{given}' is geen keuze bij {key}. Kies uit: {options}.",
    IssueCode.UNKNOWN_ROW: "'{key}' hoort niet bij deze vragenlijst. Haal de regel weg of herstel het nr.",
    IssueCode.DOUBLE_ROW: "{key} staat er twee keer in. Houd één regel over.",
    IssueCode.MISSING_ROW: "{key} ontbreekt. Neem de regel over uit een nieuwe vragenlijst.",
    IssueCode.HALF_DEVIATION: "bewust anders bij {key} mist {missing}. Vul alles in of maak de regel leeg.",
    IssueCode.NO_DATE: "'{given}' is geen datum. Schrijf de einddatum als 31-12-2027.",
    IssueCode.NO_DEVIATION: "bewust anders kan niet bij {key}: dat is een harde norm. Maak de regel leeg.",
}


class Issue(Frozen):
    """One remark about one place in a file."""

    code: IssueCode
    sheet: str
    cell: str
    facts: dict[str, str]

    @property
    def message(self) -> str:
        """Place, fault and remedy in one Dutch line."""
        place = ", ".join(filter(None, [f"Blad {self.sheet}", self.cell and f"cel {self.cell}"]))
        return f"{place}: {self.code.sentence.format(**self.facts)}"
