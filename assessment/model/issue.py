"""What Kaderscan tells about a file: a code, a place, a Dutch sentence and what to do."""

from enum import StrEnum
from typing import NamedTuple, Self


class Weight(StrEnum):
    """What a remark asks of the house."""

    # Not understood: repair it, or go on without it and say why.
    FAULT = "fault"
    # Understood, but only right if the house says so: go on and say why.
    ASK = "ask"
    # Nothing to do; it is said so that nothing is hidden.
    NOTE = "note"


class IssueCode(StrEnum):
    """Every kind of remark about a questionnaire, with its weight and the sentence that a user reads."""

    weight: Weight
    sentence: str

    def __new__(cls, name: str, weight: Weight, sentence: str) -> Self:
        """Make the code from its name, its weight and its sentence; `{…}` are filled in per case."""
        code = str.__new__(cls, name)
        code._value_ = name
        code.weight, code.sentence = weight, sentence
        return code

    UNKNOWN_ANSWER = (
        "unknown_answer",
        Weight.FAULT,
        "'{given}' is geen keuze bij {key}.{suggestion} Kies uit: {options}.",
    )
    MEANT = (
        "meant",
        Weight.NOTE,
        "'{given}' bij {key} is gelezen als '{chosen}', zoals u zelf aangaf.",
    )
    ERROR_CELL = (
        "error_cell",
        Weight.FAULT,
        "bij {key} staat een foutmelding van het rekenblad ({given}). Vul de cel opnieuw in.",
    )
    FORMULA_CELL = (
        "formula_cell",
        Weight.FAULT,
        (
            "bij {key} staat een formule zonder uitkomst. Open en bewaar het bestand eerst in Excel, "
            "of vul de cel zonder formule in."
        ),
    )
    MERGED_CELL = (
        "merged_cell",
        Weight.FAULT,
        "de cel van {key} is samengevoegd met een andere regel. Splits de cellen en vul elke regel apart in.",
    )
    TWICE_CELL = (
        "twice_cell",
        Weight.FAULT,
        (
            "bij {key} staat onder hetzelfde kopje tweemaal iets anders: {given}. Haal een van die kolommen "
            "weg, of geef haar een ander kopje."
        ),
    )
    DOUBLE_HEADING = (
        "double_heading",
        Weight.NOTE,
        "het kopje '{heading}' staat er vaker: {cells}. Alleen wat daaronder gelijk is, is gelezen.",
    )
    UNKNOWN_ROW = (
        "unknown_row",
        Weight.FAULT,
        "'{key}' is geen nr. van Kaderscan. Haal de regel weg of herstel het nr.",
    )
    NO_KEY = (
        "no_key",
        Weight.FAULT,
        "hier staat '{given}', maar de regel heeft geen nr. Zet de tekst op de regel van de vraag.",
    )
    AT_CRITERION = (
        "at_criterion",
        Weight.FAULT,
        "dit is de kopregel van {key}; '{given}' hoort bij een van de vragen eronder. Zet de tekst daar.",
    )
    NO_HEADINGS = (
        "no_headings",
        Weight.FAULT,
        "{key} staat op een blad zonder de kopregel '{headings}'. Neem de kopregel over van een ander blad.",
    )
    DOUBLE_ROW = (
        "double_row",
        Weight.FAULT,
        "{key} staat er vaker in, met verschillende antwoorden. Houd één regel over.",
    )
    SAME_ROW_AGAIN = (
        "same_row_again",
        Weight.NOTE,
        "{key} staat er nog een keer; deze regel voegt niets toe en is overgeslagen.",
    )
    OUTSIDE_ROUND = (
        "outside_round",
        Weight.NOTE,
        "{key} hoort niet bij de vragen van deze ronde en is niet overgenomen.",
    )
    CHANGED_QUESTION = (
        "changed_question",
        Weight.NOTE,
        "{key} is in de vragenlijst van deze ronde veranderd; beantwoord de vraag daar opnieuw.",
    )
    MISSING_ROWS = (
        "missing_rows",
        Weight.ASK,
        (
            "vragen van thema {theme} die niet in het bestand staan: {keys} ({count} in totaal). "
            "Neem ze over uit een nieuwe vragenlijst, of ga door: ze tellen dan als leeg."
        ),
    )
    OTHER_VERSION = (
        "other_version",
        Weight.ASK,
        (
            "gemaakt voor {made_for}, maar de ronde vraagt {wanted}. {same} vragen zijn gelijk gebleven "
            "en kunnen worden overgenomen. Download liever de vragenlijst van deze ronde, of ga door met wat "
            "gelijk is."
        ),
    )
    OTHER_EDITION = (
        "other_edition",
        Weight.ASK,
        (
            "de vragenlijst is sinds het downloaden veranderd. Download hem opnieuw, of ga door als de "
            "vragen voor u hetzelfde zijn."
        ),
    )
    HALF_DEVIATION = (
        "half_deviation",
        Weight.FAULT,
        "bewust anders bij {key} mist {missing}. Vul alles in of maak de regel leeg.",
    )
    NO_DATE = "no_date", Weight.FAULT, "'{given}' is geen datum. Schrijf de einddatum als 31-12-2027."
    EXPIRED = (
        "expired",
        Weight.ASK,
        (
            "de afspraak bij {key} liep tot en met {until} en telt dus niet meer mee. Vul de nieuwe "
            "einddatum in, of ga door als zij voorbij is."
        ),
    )
    NO_DEVIATION = (
        "no_deviation",
        Weight.FAULT,
        "bewust anders kan niet bij {key}: dat is een harde norm. Maak de regel leeg.",
    )
    CITIZEN_NUMBER = (
        "citizen_number",
        Weight.ASK,
        (
            "'{given}' kan een burgerservicenummer zijn. Kaderscan bewaart geen gegevens van inwoners: haal "
            "het weg, of ga door als het iets anders is."
        ),
    )
    PHONE_NUMBER = (
        "phone_number",
        Weight.ASK,
        "'{given}' lijkt een telefoonnummer. Is het van een inwoner, haal het dan weg. Anders kunt u door.",
    )
    MAIL_ADDRESS = (
        "mail_address",
        Weight.ASK,
        "'{given}' is een e-mailadres. Is het van een inwoner, haal het dan weg; anders kunt u doorgaan.",
    )
    COMMENTS = (
        "comments",
        Weight.NOTE,
        (
            "er staan opmerkingen bij cellen ({cells}). Kaderscan leest die niet: zet wat telt onder "
            "Toelichting."
        ),
    )
    CELL_LINKS = (
        "cell_links",
        Weight.NOTE,
        (
            "achter tekst in cellen zit een koppeling ({cells}). Kaderscan leest alleen de tekst: schrijf "
            "het adres erbij als het telt."
        ),
    )
    FORMULA_WORD = (
        "formula_word",
        Weight.FAULT,
        "'{given}' is geen keuze onder {heading}. Kies uit: {options}.",
    )
    FORMULA_NUMBER = (
        "formula_number",
        Weight.FAULT,
        "'{given}' onder {heading} is geen getal. Schrijf alleen het getal, zoals 1,5.",
    )
    FORMULA_DAY = (
        "formula_day",
        Weight.FAULT,
        "'{given}' onder {heading} is geen datum. Schrijf die als 31-12-2027.",
    )
    FORMULA_NO_UNIT = (
        "formula_no_unit",
        Weight.FAULT,
        "bij {given} staat niet waarin u telt. Kies een eenheid: {options}.",
    )
    FORMULA_NO_ID = (
        "formula_no_id",
        Weight.FAULT,
        "deze regel zegt niet waar zij bij hoort. Vul de eerste kolom in: {heading}.",
    )
    FORMULA_STRANGE = (
        "formula_strange",
        Weight.FAULT,
        "formule '{key}' staat niet in de bovenste tabel. Zet haar daar, of verbeter het nr.",
    )
    FORMULA_STRANGE_FIGURE = (
        "formula_strange_figure",
        Weight.FAULT,
        "cijfer '{given}' staat niet bij de effecten en aantallen van {key}. Zet het daar of verbeter het.",
    )
    FORMULA_FAULT = "formula_fault", Weight.FAULT, "{key}: {told}."
    FORMULA_LEFT_OUT = (
        "formula_left_out",
        Weight.NOTE,
        "een andere regel van formule {key} is niet begrepen; zolang dat zo is, wordt zij niet overgenomen.",
    )
    FORMULA_GONE = (
        "formula_gone",
        Weight.NOTE,
        (
            "formule {key} staat niet meer in het bestand; er is niets aan veranderd. Stopt u ermee, zet dan "
            "haar status op gestopt."
        ),
    )
    MACROS = "macros", Weight.NOTE, "er zitten macro's in dit bestand. Kaderscan voert ze nooit uit."
    LINKS = (
        "links",
        Weight.NOTE,
        "dit bestand verwijst naar andere bestanden. Kaderscan opent die niet.",
    )
    EMBEDDED = (
        "embedded",
        Weight.NOTE,
        "er zitten andere bestanden of plaatjes in dit bestand. Kaderscan leest die niet.",
    )


# What may be about a citizen; the text itself is not repeated in a message or on a receipt.
PERSONAL = {IssueCode.CITIZEN_NUMBER, IssueCode.PHONE_NUMBER, IssueCode.MAIL_ADDRESS}


class Issue(NamedTuple):
    """One remark about one place in a file; no sheet where it is about the file as a whole."""

    code: IssueCode
    sheet: str
    cell: str
    facts: dict[str, str]

    @property
    def sentence(self) -> str:
        """Fault and remedy, without the place."""
        return self.code.sentence.format(**self.facts)

    @property
    def row(self) -> str:
        """The number of the row; empty where it is about no row."""
        return self.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    @property
    def message(self) -> str:
        """Place, fault and remedy in one Dutch line."""
        place = ", ".join(
            filter(None, [self.sheet and f"Blad {self.sheet}", self.cell and f"cel {self.cell}"])
        )
        return f"{place}: {self.sentence}" if place else self.sentence[0].upper() + self.sentence[1:]
