"""What is administered, for reading: register, accounts, rounds and their board, backups, old records."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

import pandas as pd

from assessment.model.access import Account, Grant
from assessment.model.records import OldRecord, RecordKind
from assessment.model.register import House, Register
from assessment.model.rounds import Board, BoardLine, Progress, RoundEvent, SubmissionState
from assessment.model.scale import Perspective
from assessment.tables.formats import (
    MOMENT,
    NOTHING,
    describe_handed_in,
    describe_part,
    format_counted,
    format_day,
    format_moment,
    format_part,
    format_with_capital,
    join_words,
)


def list_register(register: Register) -> pd.DataFrame:
    """The houses of a register for reading, by unit and name."""
    houses = register.sort_houses(register.houses)
    return pd.DataFrame(
        {
            "Kenmerk": [house.house_id for house in houses],
            "Huis": [house.title for house in houses],
            "Eenheid": [register.unit[house.unit_id].title for house in houses],
            "Districten": [", ".join(name_districts(house, register)) for house in houses],
            "Basisteams": [", ".join(house.teams) for house in houses],
            "Vanaf": [format_day(house.valid_from) for house in houses],
            "Tot en met": [format_day(house.valid_to) for house in houses],
            "Opgegaan in": [house.merged_into or "" for house in houses],
            "Bron": [house.source for house in houses],
        }
    )


def name_districts(house: House, register: Register) -> list[str]:
    """The names of the districts of a house, the one that is up first."""
    return [register.district[key].title for key in house.districts]


def list_districts(register: Register) -> pd.DataFrame:
    """The districts of a register for reading, by unit and id, with the houses that they cover."""
    rows = [
        (
            each.district_id,
            each.title,
            unit.title,
            ", ".join(house.title for house in register.houses if each.district_id in house.districts),
        )
        for unit in register.units
        for each in register.districts_of(unit.unit_id)
    ]
    return pd.DataFrame(rows, columns=["Kenmerk", "District", "Eenheid", "Huizen"])


def describe_right(grant: Grant, register: Register) -> str:
    """Name a role, with its house or unit by name: "manager: Veenrijk"."""
    place = register.house.get(grant.granted_on) or register.unit.get(grant.granted_on)
    return ": ".join(filter(None, [grant.role.dutch, place.short_title if place else grant.granted_on]))


def list_account_rows(accounts: Iterable[Account], tell: Callable[[Grant], str] = str) -> pd.DataFrame:
    """Each account with its rights, by id; at first as they are typed in a command."""
    rows = [
        (
            account.account_id,
            account.name,
            ", ".join(map(tell, account.grants)) or "–",
            "ja" if account.identity else "nee",
            format_day(account.added),
            format_day(account.ended),
        )
        for account in accounts
    ]
    headings = ["Account", "Naam", "Rechten", "Kan aanmelden", "Sinds", "Beëindigd"]
    return pd.DataFrame(rows, columns=headings, dtype="str")


_HOUSE_WORDS = {
    "title": "naam",
    "unit_id": "eenheid",
    "valid_from": "vanaf",
    "valid_to": "tot en met",
    "merged_into": "opgegaan in",
    "source": "bron",
    "districts": "districten",
    "teams": "basisteams",
}


def describe_house(house: House) -> str:
    """What the register says of a house, in words."""
    said = {word: _format_field(getattr(house, field)) for field, word in _HOUSE_WORDS.items()}
    return ", ".join(f"{word} '{text}'" for word, text in said.items() if text)


def describe_house_change(before: House, after: House) -> str:
    """What changes in a house, in words."""
    pairs = [
        (word, _format_field(getattr(before, f)), _format_field(getattr(after, f)))
        for f, word in _HOUSE_WORDS.items()
    ]
    changed = "; ".join(f"{word} '{old}' wordt '{new}'" for word, old, new in pairs if old != new)
    return f"{after.house_id}: {changed}"


def _format_field(value: str | date | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return format_day(value) if isinstance(value, date) else value or ""


_ENTRIES_SHOWN = {
    "units": "Eenheden",
    "houses": "Huizen",
    "rounds": "Rondes",
    "submissions": "Inleveringen",
    "answers": "Antwoorden",
    "deviations": "Bewust anders",
    "audit": "Regels in het logboek",
}


def list_contents(now: Mapping[str, int], in_file: Mapping[str, int]) -> pd.DataFrame:
    """How many of each kind there are now and in a backup.

    Args:
        now: rows by table, as the store counts them.
        in_file: the same, of the backup.

    Returns:
        A row per kind: Wat, Nu, In het bestand.
    """
    rows = [(dutch, now.get(name, 0), in_file.get(name, 0)) for name, dutch in _ENTRIES_SHOWN.items()]
    return pd.DataFrame(rows, columns=["Wat", "Nu", "In het bestand"])


def describe_contents(rows: Mapping[str, int]) -> str:
    """How many houses, rounds and submissions there are, in words."""
    told = (("houses", "huizen"), ("rounds", "rondes"), ("submissions", "inleveringen"))
    return ", ".join(f"{rows.get(name, 0)} {dutch}" for name, dutch in told)


def list_retention(terms: Mapping[RecordKind, int], old: Sequence[OldRecord]) -> pd.DataFrame:
    """A row per kind of record: how long it is kept, and how many are older."""
    counts = Counter(record.kind for record in old)
    rows = [
        (kind.dutch, f"{months} maanden" if months else "altijd", counts[kind])
        for kind, months in terms.items()
    ]
    rows.append(("vastgestelde en nieuwste versies, plannen, register, logboek", "altijd", 0))
    return pd.DataFrame(rows, columns=["Wat", "Bewaren", "Zoveel ouder"])


def list_old(old: Sequence[OldRecord]) -> pd.DataFrame:
    """A row per record that would go."""
    return pd.DataFrame(
        {
            "Wat": [record.kind.dutch for record in old],
            "Kenmerk": [record.record_id for record in old],
            "Van": [format_day(record.moment) for record in old],
        }
    )


HEADINGS = {
    Perspective.HOUSE: "Het huis",
    Perspective.POLICE: "De politie",
    Perspective.PARTNERS: "De partners",
}


def list_rounds(register: Register, closings: Mapping[str, RoundEvent]) -> pd.DataFrame:
    """The rounds of a register for reading, the earliest first, and since when each is closed."""
    return pd.DataFrame(
        {
            "Kenmerk": [each.round_id for each in register.rounds],
            "Ronde": [each.title for each in register.rounds],
            "Van": [format_day(each.opens) for each in register.rounds],
            "Tot en met": [format_day(each.closes) for each in register.rounds],
            "Gesloten op": [
                format_day(closings[each.round_id].moment) if each.round_id in closings else ""
                for each in register.rounds
            ],
            "Vragenlijsten": [", ".join(each.frameworks) for each in register.rounds],
            "Aantal huizen": [len(each.house_ids) for each in register.rounds],
        }
    )


def list_board(board: Board, register: Register) -> pd.DataFrame:
    """A board for reading: per house how far each perspective is, and what is still expected."""
    columns = ["Eenheid", "Huis", *(HEADINGS[whose] for whose in board.round.perspectives)]
    rows = [
        [
            register.unit[line.house.unit_id].title,
            line.house.title,
            *(format_progress(board, line.asked[whose]) for whose in board.round.perspectives),
            format_progress(board, line.joint) if line.joint else NOTHING,
            describe_expected(board, line),
        ]
        for line in board.lines
    ]
    return pd.DataFrame(rows, columns=[*columns, "Samen", "Nog verwacht"])


def format_progress(board: Board, progress: Progress) -> str:
    """Show a state with how many questions have an answer: "ingeleverd, 97 van 103"."""
    return ", ".join([name_state(board, progress), *count_answers(board, progress)])


def name_state(board: Board, progress: Progress) -> str:
    """Name a state; in a round that is closed nobody begins any more."""
    closed = board.closing is not None and progress.state is SubmissionState.NOT_STARTED
    return "niet ingeleverd" if closed else progress.state.dutch


def count_answers(board: Board, progress: Progress) -> list[str]:
    """How many questions have an answer, and how many in a draft that comes after what was handed in."""
    counted = [] if progress.state is SubmissionState.NOT_STARTED else [progress.answered]
    newer = progress.version is not None and progress.concept is not None
    told = [f"{answered} van {board.questions}" for answered in counted]
    return [*told, f"nieuw concept: {progress.concept} van {board.questions}"] if newer else told


def describe_expected(board: Board, line: BoardLine) -> str:
    """Say what is still expected of a house; nothing more in a round that is closed."""
    if board.closing is not None:
        return NOTHING if line.is_adopted else "niet vastgesteld voor de sluiting"
    return "; ".join(line.expected) or NOTHING


def describe_questionnaires(board: Board) -> str:
    """Say in a title how many of the questionnaires that are asked were handed in."""
    asked = len(board.lines) * len(board.round.perspectives)
    missing = sum(len(line.missing) for line in board.lines)
    handed_in = describe_part(asked - missing, asked, "vragenlijst")
    return f"{format_with_capital(board.round.title)}: {handed_in} ingeleverd"


def describe_deadline(board: Board, now: datetime) -> str:
    """Say until when houses may hand in, or since when the round is closed."""
    if board.closing is not None:
        return f"Deze ronde is gesloten op {format_day(board.closing.moment)} en verandert niet meer"
    closes = format_day(board.round.closes)
    if board.round.closes < now.date():
        return f"Inleveren kon tot en met {closes}; de ronde is nog open"
    return f"Inleveren kan tot en met {closes}: {_describe_left(board.round.closes, now.date())}"


def _describe_left(last: date, today: date) -> str:
    days = (last - today).days
    if days < 0:
        return "de laatste dag is voorbij"
    return f"nog {format_counted(days, 'dag')}" if days else "vandaag is de laatste dag"


def describe_awaited(board: Board, shown: Perspective, today: date) -> str:
    """Say who beside those that are shown did not hand in everywhere, and how long they can.

    Args:
        board: the houses.
        shown: whose answers are shown, of which it is said elsewhere how many handed in.
        today: the day.

    Returns:
        Nothing of a round that is closed, or where nobody else is awaited.
    """
    if board.closing is not None:
        return ""
    counts = {
        whose: sum(whose not in line.missing for line in board.lines)
        for whose in board.round.perspectives
        if whose is not (Perspective.HOUSE if shown is Perspective.RECORD else shown)
    }
    number = len(board.lines)
    told = [describe_handed_in(n, number, whose) for whose, n in counts.items() if n < number]
    left = _describe_left(board.round.closes, today)
    return format_with_capital(f"{join_words(told)}, {left}") if told else ""


def list_to_adopt(board: Board) -> pd.DataFrame:
    """List the houses of which something waits to be adopted, each with all that is still expected of it.

    Returns:
        Nothing of a round that is closed.
    """
    lines = [line for line in board.lines if line.waits_to_be_adopted and board.closing is None]
    told = [(line.house.title, format_with_capital(describe_expected(board, line))) for line in lines]
    return pd.DataFrame(told, columns=["Huis", "Wat er nog moet"])


def describe_adopted(board: Board) -> str:
    """Say of how many houses what they handed in is adopted; a single one is called by its name."""
    adopted = sum(line.is_adopted for line in board.lines)
    if len(board.lines) == 1:
        done = "is vastgesteld wat is ingeleverd" if adopted else "is nog niet alles vastgesteld"
        return f"Van {board.lines[0].house.title} {done}."
    return f"Bij {describe_part(adopted, len(board.lines), 'huis')} is vastgesteld wat is ingeleverd."


def count_response(board: Board, shown: Perspective) -> list[tuple[str, str]]:
    """Count of how many houses the answers that are shown are there, whole, adopted, and of both together.

    Args:
        board: the houses.
        shown: whose answers are shown; of the figure of record the joint version of a house, else its own.
    """
    number, counted = len(board.lines), [_find_counted(line, shown) for line in board.lines]
    there = [each for each in counted if each is not None and each.version is not None]
    whole = sum(each.answered >= board.questions for each in there)
    joint = sum(line.joint is not None for line in board.lines)
    return [
        ("Ingeleverd", format_part(len(there), number, "huis")),
        ("Alle vragen beantwoord", format_part(whole, number, "huis")),
        ("Vastgesteld", format_part(sum(each.state.is_settled for each in there), number, "huis")),
        ("Door huis en politie samen", format_part(joint, number, "huis")),
    ]


def _find_counted(line: BoardLine, shown: Perspective) -> Progress | None:
    if shown is Perspective.JOINT or (shown is Perspective.RECORD and line.joint):
        return line.joint
    return line.asked.get(Perspective.HOUSE if shown is Perspective.RECORD else shown)


def count_states(board: Board) -> list[tuple[str, str]]:
    """Each state with how many of the questionnaires that are asked are in it; states in order."""
    counted = [(_COUNTED.get(state, state.dutch), board.count(state)) for state in SubmissionState]
    return [(told, str(count)) for told, count in counted if count]


# What is adopted was handed in too, so beside it the others say that they were not.
_COUNTED = {SubmissionState.HANDED_IN: "ingeleverd, nog niet vastgesteld"}


def describe_closing(board: Board) -> list[str]:
    """Say what closing a round freezes, and name each house of which nothing, or not all, is adopted."""
    frozen = sum(line.is_adopted for line in board.lines)
    lines = [f"Vastgesteld en straks bevroren: {format_part(frozen, len(board.lines), 'huis')}."]
    left = [line for line in board.lines if not line.is_adopted]
    lines += [f"{line.house.title}: {'; '.join(line.expected)}." for line in left]
    return lines


def list_round_events(events: Iterable[RoundEvent]) -> pd.DataFrame:
    """What was done with a round; on the peildag a deviation must be in force to count."""
    return pd.DataFrame(
        [
            (format_moment(e.moment), e.to_state.dutch, format_day(e.reckoned_on) or NOTHING, e.who, e.reason)
            for e in events
        ],
        columns=[MOMENT, "Toestand", "Peildag", "Door", "Reden"],
    )
