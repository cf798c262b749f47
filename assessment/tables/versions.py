"""Versions and drafts for reading: what was handed in, what is being filled in, where two differ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from assessment.model.answers import Answer, Deviation, Difference, Submission
from assessment.model.draft import Content, Draft, DraftDeviation, DraftSummary, ThemeProgress
from assessment.model.framework import Theme
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.rounds import RoundEvent, SubmissionEvent, SubmissionState, Version, find_current
from assessment.model.scale import ASKED, Perspective, Verdict
from assessment.model.sheets import Earlier
from assessment.tables.formats import (
    MOMENT,
    NOTHING,
    describe_part,
    describe_whose,
    format_counted,
    format_day,
    format_moment,
    format_verdict,
    format_with_capital,
    join_words,
)

_SHOWN_OF_CHECKSUM = 12


def list_versions(versions: Iterable[Version], houses: Mapping[str, House]) -> pd.DataFrame:
    """Versions for reading, in the order they come in."""
    listed = list(versions)
    return pd.DataFrame(
        {
            "Kenmerk": [each.submission_id for each in listed],
            "Huis": [houses[each.house_id].title for each in listed],
            "Antwoorden van": [each.perspective.dutch for each in listed],
            "Versie": [each.version for each in listed],
            "Ingeleverd op": [format_day(each.handed_in) for each in listed],
            "Toestand": [each.state.dutch for each in listed],
            "Vragen beantwoord": [each.answered for each in listed],
            "Controlegetal": [each.file_sha256[:_SHOWN_OF_CHECKSUM] for each in listed],
        }
    )


def mark_counting(versions: Iterable[Version]) -> list[str]:
    """Say of each version whether it counts in the figure of record, alone or in what was made of it."""
    listed = list(versions)
    current = find_current(listed)
    return [_tell_whether_it_counts(each, current) for each in listed]


def _tell_whether_it_counts(version: Version, current: Mapping[tuple[str, Perspective], Version]) -> str:
    if version.state is SubmissionState.WITHDRAWN:
        return "nee, ingetrokken"
    if current[version.house_id, version.perspective] is not version:
        return "nee, vervangen"
    if version.perspective not in {*ASKED, Perspective.JOINT}:
        return "nee, staat naast het beeld dat telt"
    if version.perspective in ASKED and (version.house_id, Perspective.JOINT) in current:
        return "ja, in de versie van samen"
    return "nee, pas na samen vaststellen" if version.perspective is Perspective.POLICE else "ja"


def describe_handed_in_by(versions: Iterable[Version]) -> str:
    """Say in a title who handed in for one house, and whether that was adopted."""
    own = [each for each in find_current(versions).values() if each.perspective is not Perspective.JOINT]
    if not own:
        return "nu telt niets wat is ingeleverd"
    several = len(own) > 1 or own[0].perspective is Perspective.PARTNERS
    who = join_words([each.perspective.dutch for each in own])
    settled = sum(each.state.is_settled for each in own)
    adopted = "nog niet alles vastgesteld" if settled else "nog niet vastgesteld"
    if settled == len(own):
        adopted = "vastgesteld"
    return f"{who} {'leverden' if several else 'leverde'} in, {adopted}"


def describe_zelfscan(round_: Round, newest: Version | None, closing: RoundEvent | None) -> str:
    """Say in a title whether answers were handed in, or until when they can be.

    Args:
        round_: the round that asks them.
        newest: what counts now; None where nothing was handed in.
        closing: how the round was closed; None where it is open.
    """
    if newest is not None:
        return f"ingeleverd op {format_day(newest.handed_in)}"
    if closing is not None:
        return f"niet ingeleverd; de ronde is gesloten op {format_day(closing.moment)}"
    return f"inleveren kan tot en met {format_day(round_.closes)}"


def choose_compared(versions: Sequence[Version]) -> tuple[int, int]:
    """Choose the places of two versions to compare: the last two of one perspective, else the last two."""
    for place in range(len(versions) - 1, 0, -1):
        if versions[place].perspective is versions[place - 1].perspective:
            return place - 1, place
    return max(len(versions) - 2, 0), len(versions) - 1


def list_history(version: Version, events: Iterable[SubmissionEvent]) -> pd.DataFrame:
    """What happened to a version, from handing in on, for reading."""
    rows = [(format_moment(e.moment), e.from_state.dutch, e.to_state.dutch, e.who, e.reason) for e in events]
    first = (format_moment(version.handed_in), NOTHING, "ingeleverd", NOTHING, NOTHING)
    return pd.DataFrame([first, *rows], columns=[MOMENT, "Van", "Naar", "Door", "Reden"])


def list_differences(
    differences: Iterable[Difference], questionnaire: Questionnaire, old: str = "Eerst", new: str = "Nu"
) -> pd.DataFrame:
    """Differences for reading: what is asked, and what two versions say.

    Args:
        differences: in the order in which to show them.
        questionnaire: what was asked.
        old: the heading of what the older version says, or the house.
        new: the heading of what the newer version says, or the police.
    """
    rows = [
        (
            each.key,
            ask(each, questionnaire),
            *describe_sides(each, questionnaire),
            "" if each.of_choice else "alleen de toelichting",
        )
        for each in differences
    ]
    return pd.DataFrame(rows, columns=["Nr.", "Vraag of criterium", old, new, "Verschil"])


def name_sides(old: Version, new: Version) -> tuple[str, str]:
    """What to call two versions that are compared: by whose they are, or else by their numbers."""
    if old.perspective is not new.perspective:
        return format_with_capital(old.perspective.dutch), format_with_capital(new.perspective.dutch)
    return f"Versie {old.version}", f"Versie {new.version}"


def list_verdicts(
    verdicts: pd.DataFrame, questionnaire: Questionnaire, old: str = "Eerst", new: str = "Nu"
) -> pd.DataFrame:
    """The criteria whose verdict differs, for reading; under the headings of `list_differences`."""
    titles = [questionnaire.criterion[key].title for key in verdicts["criterion_id"]]
    return pd.DataFrame(
        {
            "Nr.": verdicts["criterion_id"],
            "Criterium": titles,
            old: [format_verdict(verdict) for verdict in verdicts["verdict_old"]],
            new: [format_verdict(verdict) for verdict in verdicts["verdict_new"]],
        }
    )


def list_answers(
    submission: Submission, questionnaire: Questionnaire, evidence: Mapping[str, date]
) -> pd.DataFrame:
    """Every question with what a version says at it, then what is agreed otherwise.

    `evidence` tells by question since which day the evidence beside its answer is there.
    """
    given = {answer.question_id: answer for answer in submission.answers}
    rows = [
        (
            key,
            question.text,
            describe_answer(given.get(key, Answer(question_id=key)), questionnaire),
            _note(given.get(key), evidence.get(key)),
        )
        for key, question in questionnaire.question.items()
    ]
    agreed = [
        (
            each.criterion_id,
            questionnaire.criterion[each.criterion_id].title,
            "bewust anders",
            describe_answer(each, questionnaire),
        )
        for each in submission.deviations
    ]
    return pd.DataFrame([*rows, *agreed], columns=["Nr.", "Vraag of criterium", "Antwoord", "Toelichting"])


def describe_standing(whose: Perspective, version: Version | None) -> str:
    """Say on whose answers the figures of one house rest, since when, and whether those were adopted.

    Args:
        whose: whose answers these are, as `RoundScores.perspective_of` tells.
        version: what is known of them; None for who may not know how far the house is.
    """
    if whose is Perspective.JOINT:
        return "vastgesteld door huis en politie samen"
    told = f"op wat {_FILLED_IN[whose]}"
    if version is None:
        return told
    adopted = "vastgesteld" if version.state.is_settled else "nog niet vastgesteld"
    return f"{told}, ingeleverd {format_day(version.handed_in.date())}, {adopted}"


_FILLED_IN = {
    Perspective.HOUSE: "het huis zelf invulde",
    Perspective.POLICE: "de politie invulde",
    Perspective.PARTNERS: "de partners invulden",
}


def describe_standing_of_houses(perspective: Perspective, joint: int, houses: int) -> str:
    """Say on whose answers the figures of several houses rest.

    Args:
        perspective: what is shown.
        joint: of how many of them house and police adopted the answers together.
        houses: how many there are.
    """
    if perspective is not Perspective.RECORD:
        return describe_whose(perspective)
    if not joint:
        return "op wat elk huis zelf invulde"
    together = f"{describe_part(joint, houses, 'huis')} vastgesteld door huis en politie samen"
    return together if joint == houses else f"{together}, verder op wat elk huis zelf invulde"


def describe_comparison(differences: Sequence[Difference], verdicts: pd.DataFrame) -> str:
    """Say at how much two versions differ, and by what.

    Args:
        differences: what differs.
        verdicts: the criteria whose verdict differs: `verdict_old` and `verdict_new`.
    """
    answers = [each for each in differences if each.is_answer]
    agreed, chosen = len(differences) - len(answers), sum(each.of_choice for each in answers)
    counts = [
        ("het antwoord is anders bij", chosen, "vraag"),
        ("alleen de toelichting bij", len(answers) - chosen, "vraag"),
        ("wat is afgesproken (bewust anders) bij", agreed, "criterium"),
    ]
    parts = [f"{what} {format_counted(number, thing)}" for what, number, thing in counts if number]
    told = format_with_capital(", ".join(parts) or "elk antwoord is gelijk")
    judged = f"Het oordeel verschilt bij {format_counted(len(verdicts), 'criterium')}"
    unknown = (verdicts[["verdict_old", "verdict_new"]] == Verdict.UNDETERMINED.value).any(axis=1).sum()
    open_ = f"; bij {unknown} daarvan is het aan één kant nog onbepaald" if unknown else ""
    return f"{told}. {judged}{open_}."


def ask(difference: Difference, questionnaire: Questionnaire) -> str:
    """The question that a difference is about, or the criterion."""
    if difference.key in questionnaire.question:
        return questionnaire.question[difference.key].text
    return f"Bewust anders: {questionnaire.criterion[difference.key].title}"


def describe_sides(difference: Difference, questionnaire: Questionnaire) -> tuple[str, str]:
    """What each of two versions says where they differ, in the words of the questionnaire."""
    nothing = "niet beantwoord" if difference.is_answer else "geen afspraak om af te wijken"
    old, new = (
        nothing if said is None else describe_answer(said, questionnaire)
        for said in (difference.old, difference.new)
    )
    return old, new


def describe_answer(said: Answer | Deviation, questionnaire: Questionnaire) -> str:
    """What was answered or agreed, in the words of the questionnaire."""
    if isinstance(said, Deviation):
        return f"{said.reason} Akkoord van: {said.agreed_by}. Tot en met {format_day(said.until)}."
    question = questionnaire.question[said.question_id]
    if question.is_open and said.explanation:
        return said.explanation
    return dict(question.lettered)[said.option_id].text if said.option_id else "niet beantwoord"


def describe_with_note(said: Answer | Deviation, questionnaire: Questionnaire) -> str:
    """The same, with what was written beside an answer that was chosen."""
    told = describe_answer(said, questionnaire)
    chosen = isinstance(said, Answer) and not questionnaire.question[said.question_id].is_open
    written = _note(said) if isinstance(said, Answer) and chosen else ""
    return f"{told} ({written})" if written else told


def _note(answer: Answer | None, since: date | None = None) -> str:
    texts = [answer.explanation, format_evidence(answer.evidence, since)] if answer else []
    return " ".join(filter(None, texts))


def describe_content(content: Content) -> str:
    """What a row says, in words."""
    match content:
        case Answer():
            first = content.option_id or "geen antwoord"
            rest = {"toelichting": content.explanation, "bewijs": content.evidence}
        case DraftDeviation():
            first = content.reason or "geen reden"
            until = format_day(content.until) if content.until else ""
            rest = {"akkoord van": content.agreed_by, "tot en met": until}
        case _:
            first, rest = content.taken_by or "niemand", {}
    return ", ".join([f"'{first}'", *(f"{name} '{text}'" for name, text in rest.items() if text)])


def format_evidence(evidence: str, since: date | None) -> str:
    """Evidence, with the day since which it is there where that is known."""
    return f"{evidence} (sinds {format_day(since)})" if evidence and since else evidence


def list_said(content: Content, options: Mapping[str, str], since: date | None = None) -> list[str]:
    """What a row says, a line per part that says something; an option in its own words.

    Of evidence it tells the day since which it is there, where that is known.
    """
    match content:
        case Answer():
            empty = "Nog geen antwoord" if options else ""
            parts = {
                "": options[content.option_id] if content.option_id else empty,
                "Toelichting: ": content.explanation,
                "Bewijs: ": format_evidence(content.evidence, since),
            }
        case DraftDeviation():
            until = format_day(content.until)
            parts = {"": content.reason, "Akkoord van: ": content.agreed_by, "Tot en met: ": until}
        case _:
            parts = {"": content.taken_by}
    return [f"{label}{text}" for label, text in parts.items() if text] or ["Niets ingevuld"]


def format_earlier(question: Question, earlier: Earlier) -> str:
    """What was answered to a question the last time, with the round; empty where nothing was."""
    answer = earlier.answers.get(question.question_id)
    if answer is None:
        return ""
    options = {letter: option.text for letter, option in question.lettered}
    since = earlier.evidence.get(question.question_id)
    return f"{earlier.round.title}: {' · '.join(list_said(answer, options, since))}"


def list_progress(progress: Iterable[ThemeProgress]) -> pd.DataFrame:
    """A row per theme: who takes it, and what is left."""
    return pd.DataFrame(
        [
            {
                "Thema": each.theme.title,
                "Wie": each.taken_by or "–",
                "Beantwoord": f"{each.answered} van {each.asked}",
                "Nog open": ", ".join(each.missing) or "–",
            }
            for each in progress
        ]
    )


def list_draft_answers(draft: Draft, theme: Theme) -> pd.DataFrame:
    """A row per question of a theme: what was answered, and the version of that."""
    questions = [question for criterion in theme.criteria for question in criterion.questions]
    rows = [(question.question_id, draft.answers[question.question_id]) for question in questions]
    return pd.DataFrame(
        [
            (key, row.content.option_id or "", row.content.explanation, row.content.evidence, row.version)
            for key, row in rows
        ],
        columns=["Nr.", "Antwoord", "Toelichting", "Bewijs", "Versie"],
    )


def list_summaries(drafts: Iterable[DraftSummary]) -> pd.DataFrame:
    """A row per draft."""
    columns = ["Ronde", "Huis", "Wie", "Beantwoord", "Laatst veranderd"]
    rows = [
        (
            *(each.whose.round_id, each.whose.house_id, each.whose.perspective.dutch),
            f"{each.answered} van {each.asked}",
            f"{format_day(each.changed)}, {each.changed:%H:%M} uur",
        )
        for each in drafts
    ]
    return pd.DataFrame(rows, columns=columns)
