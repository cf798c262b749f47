"""For whom and for which versions a file was made, and what follows from that."""

from collections.abc import Iterator
from contextlib import contextmanager

from assessment.errors import NotAllowedError, OtherVersionError, UnknownHouseError, UnknownRoundError
from assessment.model.issue import Issue, IssueCode
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective
from assessment.model.sheets import Passport
from assessment.readers.library import Library
from assessment.service.lookup import find_round


def complete_passport(passport: Passport, given: Passport, file_name: str) -> Passport:
    """Take from the user what the file does not say; where both say something they must agree.

    Raises:
        UnknownHouseError: they do not agree, or neither says it.
    """
    said = passport._asdict()
    for name, word in (("house_id", "huis"), ("round_id", "ronde"), ("perspective", "antwoorden van")):
        if said[name] and getattr(given, name) and said[name] != getattr(given, name):
            raise UnknownHouseError(
                f"{file_name}: gemaakt voor {word} '{said[name]}', niet voor '{getattr(given, name)}'. "
                "Kies wat in het bestand staat, of lever een ander bestand in."
            )
        said[name] = said[name] or getattr(given, name)
        if not said[name]:
            raise UnknownHouseError(
                f"{file_name}: het bestand zegt niet voor welk huis, welke ronde en van wie het is. Geef dat "
                "erbij (--house, --round, --perspective), of neem uw antwoorden over in een nieuwe lijst."
            )
    return Passport(**said)


@contextmanager
def naming(file_name: str) -> Iterator[None]:
    """Let a message about a house or a round begin with the file that names it."""
    try:
        yield
    except (NotAllowedError, UnknownHouseError, UnknownRoundError) as error:
        raise type(error)(f"{file_name}: {error}") from error


def find_round_of(register: Register, passport: Passport, file_name: str) -> Round:
    """Find the round that a file is for.

    Raises:
        UnknownRoundError: there is no such round.
    """
    with naming(file_name):
        return find_round(register, passport.round_id)


def find_perspective(round_: Round, passport: Passport, file_name: str) -> Perspective:
    """Find whose answers a file holds.

    Raises:
        UnknownRoundError: the round does not ask them.
    """
    allowed = {perspective.value: perspective for perspective in round_.perspectives}
    if passport.perspective not in allowed:
        raise UnknownRoundError(
            f"{file_name}: ronde '{round_.round_id}' vraagt geen antwoorden van '{passport.perspective}'. "
            f"Wel van: {', '.join(allowed)}."
        )
    return allowed[passport.perspective]


def find_made_for(
    library: Library, round_: Round, passport: Passport, file_name: str
) -> Questionnaire | None:
    """The questionnaire that a file was made for, where that is another than the round asks.

    Raises:
        OtherVersionError: it was never published here.
    """
    if passport.frameworks in {(), round_.frameworks}:
        return None
    made_for = library.find_questionnaire(passport.frameworks)
    if made_for is None:
        raise OtherVersionError(
            f"{file_name}: gemaakt voor {', '.join(passport.frameworks)}, maar ronde '{round_.round_id}' "
            f"vraagt {', '.join(round_.frameworks)}. Download de vragenlijst van deze ronde en neem uw "
            "antwoorden over."
        )
    return made_for


def find_changed(made_for: Questionnaire | None, asked: Questionnaire) -> frozenset[str]:
    """The questions that both ask, but not with the same words: their answers cannot be taken over."""
    if made_for is None:
        return frozenset()
    both = asked.question.keys() & made_for.question.keys()
    return frozenset(key for key in both if not asked.question[key].asks_the_same(made_for.question[key]))


def describe_version(
    passport: Passport, made_for: Questionnaire | None, asked: Questionnaire, changed: frozenset[str]
) -> Iterator[Issue]:
    """Tell that a file was made for other versions than the round asks, and how much can be taken over.

    The same version may be another edition: a published file that was edited all the same.
    """
    if made_for is None and passport.sha256 not in {"", asked.sha256}:
        yield Issue(IssueCode.OTHER_EDITION, "", "", {})
    if made_for is not None:
        same = len((asked.question.keys() & made_for.question.keys()) - changed)
        facts = {"made_for": made_for.name, "wanted": asked.name, "same": str(same)}
        yield Issue(IssueCode.OTHER_VERSION, "", "", facts)
