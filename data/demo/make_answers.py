"""Makes the invented answers of the demo: three rounds of thirty houses that do not exist.

Run it from the top of the repository: `python data/demo/make_answers.py data/demo`. It gives the same answers
each time. Earlier rounds become `answers.csv`; the newest round becomes filled questionnaires, as houses send
them.

The story: some houses are pioneering, three work by the framework, the rest is in transition. Everywhere the
same comes last: comparing the role of the police with other houses, a hand-over on paper, the WGS. At about
one house in three the police still does administration. A few houses have not finished, a few deviate.

The two earlier rounds ask questionnaires 1.0, the newest 1.1. What is told there by hand stands in
`told.csv`: one house is finished, one does not compare its police with others, and at nine houses the police
sees some things otherwise, each with a reason. `texts.csv` holds what houses write where nothing is scored.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assessment.errors import FrameworkError
from assessment.model.answers import Answer, Deviation
from assessment.model.framework import Criterion
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Round
from assessment.model.scale import ASKED, Mark, Perspective
from assessment.model.sheets import Form
from assessment.model.texts import QuestionnaireTexts
from assessment.readers.files import read_model
from assessment.readers.framework import find_published, read_questionnaire
from assessment.readers.tables import read_houses, read_rounds, read_table
from assessment.writers.questionnaire import write_questionnaire

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
SEED = 20261122
NEWEST = 2
FINISHED = "dommelrade"

PIONEERING = {"veenrijk", "klaverlo", "vechtbroek", "kassenrade", "turfhoven", "maasgrind"}
BY_FRAMEWORK = {"hanzevoorde", "merwehoek", "dommelrade"}
POLICE_ANSWERS = {
    *("terpmark", "eskwartier", "domhage", "waterwolde", "grachtenoord"),
    *("hofduin", "merwehoek", "zandmark", "kempenbeek", "mergelrade"),
}
POLICE_DOES_ADMINISTRATION = {
    *("veenrijk", "klaverlo", "vechtbroek", "kassenrade", "turfhoven"),
    *("maasgrind", "duinsloot", "waardmonde", "peelakker"),
}
UNFINISHED = {"waddehorst": {"INF", "FOR"}, "kranendam": {"STU", "INF", "FOR"}, "heuvelgaarde": {"FOR"}}
DIFFICULTY = {
    "POS-7": 0.25,
    "POS-8": 0.4,
    "INF-2": 0.4,
    "INF-3": 0.2,
    "LOS-6": 0.1,
    "FOR-2": 0.3,
    "FOR-6": 0.3,
    "POS-1": -0.1,
    "STU-1": -0.35,
    "KAD-1": -0.1,
    "LOS-3": 0.05,
    "POS-4": 0.1,
    "INV-1": -0.1,
    "INF-1": -0.1,
}
DEVIATIONS = {
    "waterwolde": Deviation(
        criterion_id="STU-1",
        reason="Het bestuur van de veiligheidsregio doet wat een stuurgroep doet.",
        agreed_by="bestuur van de veiligheidsregio",
        until=date(2027, 12, 31),
    ),
    "eskwartier": Deviation(
        criterion_id="POS-4",
        reason="Twee liaisons, ieder voor een deel van het gebied, samen bereikbaar op één nummer.",
        agreed_by="politie-eenheid en stuurgroep",
        until=date(2028, 6, 30),
    ),
    "ijpoort": Deviation(
        criterion_id="KAD-2",
        reason="Aanmelden loopt via het meldpunt van de stad; dat toetst aan dezelfde criteria.",
        agreed_by="stuurgroep",
        until=date(2027, 6, 30),
    ),
    "peelakker": Deviation(
        criterion_id="LOS-4",
        reason="De wijkagent blijft bij het zorgoverleg tot het nieuwe wijkteam draait.",
        agreed_by="district en gemeenten",
        until=date(2027, 3, 31),
    ),
}
REMARKS = {
    "LOS-2.1": "Bij ziekte van onze medewerker schrijft de wijkagent nog wel eens mee.",
    "POS-4.1": "De functie wordt waargenomen; de aanwijzing is gevraagd.",
    "INF-2.1": "Een werkgroep met de gemeenten is gestart.",
    "STU-3.1": "Het tweede jaar is nog niet toegezegd.",
}


# A question of 1.1 that is about nothing where another got this answer, and what it is answered with then.
FOLLOWS = {
    ("POS-4.1", "Nee"): dict.fromkeys(("POS-4.2", "POS-4.3", "POS-4.4"), "Er is geen liaison"),
    ("POS-8.1", "Nee"): {"POS-8.2": "Niet vergeleken"},
    ("INV-4.1", "Er zijn geen lokale keuzes"): {"INV-4.2": "Er zijn geen lokale keuzes"},
}


class Told(NamedTuple):
    """What is told by hand of one answer in the newest round; without an answer the dice choose it."""

    answer: str
    explanation: str
    evidence: str


def read_told() -> dict[tuple[str, str], dict[str, Told]]:
    """What is told by hand, by house and perspective, and then by question."""
    told: dict[tuple[str, str], dict[str, Told]] = {}
    table = read_table(HERE / "told.csv", ("house_id", "perspective", "question_id", *Told._fields))
    for house_id, perspective, question_id, *fields, _ in table.itertuples(index=False):
        told.setdefault((house_id, perspective), {})[question_id] = Told(*fields)
    return told


def read_texts() -> dict[str, list[str]]:
    """What houses may write at each open question."""
    table = read_table(HERE / "texts.csv", ("question_id", "text"))
    return {str(key): list(texts) for key, texts in table.groupby("question_id")["text"]}


TOLD, TEXTS = read_told(), read_texts()


class Author(NamedTuple):
    """Who answers: a house or its police, in a round (0 is the first)."""

    house_id: str
    perspective: Perspective
    round_number: int


def main(target: Path) -> None:
    """Write answers.csv and the filled questionnaires of the newest round into a folder."""
    houses = read_houses(HERE / "houses.csv")
    rounds = read_rounds(HERE / "rounds.csv", tuple(house.house_id for house in houses))
    with (target / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["round_id", "house_id", "perspective", "question_id", "option_id"])
        for number, asked in enumerate(rounds[:-1]):
            table.writerows(earlier_rows(asked, number))
    write_newest(target / rounds[-1].round_id, rounds[-1], len(rounds) - 1)


def earlier_rows(asked: Round, number: int) -> Iterator[tuple[str, str, str, str, str]]:
    """The answers of an earlier round as rows of a table; only the houses answered then."""
    questionnaire = questionnaire_of(asked)
    for house_id in asked.house_ids:
        for answer in answer_all(Author(house_id, Perspective.HOUSE, number), questionnaire):
            if answer.option_id:
                yield asked.round_id, house_id, "huis", answer.question_id, answer.option_id


def write_newest(folder: Path, asked: Round, number: int) -> None:
    """Write one filled questionnaire per house, and one of the police for a third of them."""
    folder.mkdir(exist_ok=True)
    texts = read_model(TOP / "reports" / "questionnaire.yaml", QuestionnaireTexts, FrameworkError)
    questionnaire = questionnaire_of(asked)
    for house in read_houses(HERE / "houses.csv"):
        for perspective in ASKED:
            if perspective is Perspective.HOUSE or house.house_id in POLICE_ANSWERS:
                form = Form(house, asked, perspective, questionnaire, texts)
                answers = answer_all(Author(house.house_id, perspective, number), questionnaire)
                deviating = perspective is Perspective.HOUSE and house.house_id in DEVIATIONS
                deviations = [DEVIATIONS[house.house_id]] if deviating else []
                (folder / form.file_name).write_bytes(write_questionnaire(form, answers, deviations))


def answer_all(author: Author, questionnaire: Questionnaire) -> list[Answer]:
    """Answer every question as this author would."""
    skipped = UNFINISHED.get(author.house_id, set()) if author.round_number == NEWEST else set()
    answers = [
        answer_one(author, criterion, question)
        for criterion in questionnaire.criteria
        if questionnaire.theme_of[criterion.criterion_id].theme_id not in skipped
        for question in criterion.questions
    ]
    return tell_story(author, answers, questionnaire) if author.round_number == NEWEST else answers


def tell_story(author: Author, answers: list[Answer], questionnaire: Questionnaire) -> list[Answer]:
    """What is told of this author by hand comes in the place of what the dice gave; then what follows."""
    told = TOLD.get((author.house_id, author.perspective.value), {})
    spoken = [tell_one(answer, told.get(answer.question_id), questionnaire) for answer in answers]
    chosen = {(a.question_id, name_option(a, questionnaire)) for a in spoken}
    follow = {
        key: text for leader, after in FOLLOWS.items() if leader in chosen for key, text in after.items()
    }
    return [
        a._replace(option_id=find_letter(a.question_id, follow[a.question_id], questionnaire))
        if a.question_id in follow
        else a
        for a in spoken
    ]


def tell_one(answer: Answer, told: Told | None, questionnaire: Questionnaire) -> Answer:
    """An answer as it is told by hand, or else as it was."""
    if told is None:
        return answer
    chosen = find_letter(answer.question_id, told.answer, questionnaire) if told.answer else answer.option_id
    return Answer(answer.question_id, chosen, told.explanation, told.evidence)


def find_letter(question_id: str, text: str, questionnaire: Questionnaire) -> str:
    """The letter of the option with this text."""
    (letter,) = (key for key, option in questionnaire.question[question_id].lettered if option.text == text)
    return letter


def name_option(answer: Answer, questionnaire: Questionnaire) -> str:
    """The text of the option that was chosen; empty at an open text."""
    options = dict(questionnaire.question[answer.question_id].lettered)
    return options[answer.option_id].text if answer.option_id else ""


def answer_one(author: Author, criterion: Criterion, question: Question) -> Answer:
    """Answer one question; what a house can do it rarely unlearns."""
    if question.is_open:
        return Answer(question.question_id, explanation=write_text(author, question.question_id))
    shared = dice_for(author.house_id, criterion.criterion_id)
    dice = 0.7 * shared + 0.3 * dice_for(author.house_id, question.question_id)
    mark = choose_mark(author, criterion, dice)
    if author.perspective is Perspective.POLICE and dice_for("politie", str(dice)) < 0.15:  # noqa: PLR2004
        mark = {Mark.MEETS: Mark.PARTLY, Mark.PARTLY: Mark.MEETS, Mark.NOT_YET: Mark.PARTLY}.get(mark, mark)
    letters = [letter for letter, option in question.lettered if option.mark is mark]
    letters = letters or [letter for letter, option in question.lettered if option.mark is not Mark.UNKNOWN]
    option_id = letters[int(dice * 997) % len(letters)]
    says = author.perspective is Perspective.HOUSE and mark is Mark.PARTLY and dice < 0.45  # noqa: PLR2004
    explanation = REMARKS.get(question.question_id, "") if says else ""
    return Answer(question_id=question.question_id, option_id=option_id, explanation=explanation)


def write_text(author: Author, question_id: str) -> str:
    """What a house writes where nothing is scored; the police and half of the houses write nothing."""
    dice = dice_for("tekst", author.house_id, question_id)
    if author.perspective is Perspective.POLICE or dice >= 0.5:  # noqa: PLR2004
        return ""
    texts = TEXTS[question_id]
    return texts[int(dice * 2 * len(texts))]


def choose_mark(author: Author, criterion: Criterion, dice: float) -> Mark:
    """Which mark the answer gets, by how far the house is and how hard the criterion."""
    house_id, newest = author.house_id, author.round_number == NEWEST
    if house_id == FINISHED and newest:
        return Mark.MEETS
    if house_id in BY_FRAMEWORK and newest and criterion.kind.is_norm:
        return Mark.MEETS
    if criterion.criterion_id == "LOS-2":
        return Mark.NOT_YET if house_id in POLICE_DOES_ADMINISTRATION else choose_by_dice(0.75, dice)
    if dice_for("weet ik niet", house_id, criterion.criterion_id, str(dice)) < 0.04:  # noqa: PLR2004
        return Mark.UNKNOWN
    own_strength = 0.3 * (dice_for("sterk", house_id, criterion.criterion_id) - 0.5)
    difficulty = DIFFICULTY.get(criterion.criterion_id, 0.0)
    return choose_by_dice(maturity(house_id) + 0.12 * author.round_number + own_strength - difficulty, dice)


def choose_by_dice(strength: float, dice: float) -> Mark:
    """A strong house throws "voldoet" more often, a weak one "nog niet"."""
    if dice < strength:
        return Mark.MEETS
    return Mark.PARTLY if dice < strength + 0.35 else Mark.NOT_YET


def maturity(house_id: str) -> float:
    """How far a house was in the first round."""
    spread = 0.35 * dice_for("rijpheid", house_id)
    return (0.0 if house_id in PIONEERING else 0.65 if house_id in BY_FRAMEWORK else 0.33) + spread


def dice_for(*names: str) -> float:
    """A number in [0, 1) that is always the same for the same names."""
    seed = [SEED, *(int.from_bytes(name.encode()) for name in names)]
    return float(np.random.default_rng(seed).random())


def questionnaire_of(asked: Round) -> Questionnaire:
    """The questionnaire that a round asks."""
    refs = [ref.split("/") for ref in asked.frameworks]
    return read_questionnaire(find_published(TOP / "questionnaires", name, version) for name, version in refs)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
