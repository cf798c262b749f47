"""The questions of one theme, to answer on screen, and what is typed on its way to the draft.

A change is stored at once, on top of what this session saw of the row. What is refused is held, with what
was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from assessment.errors import AnswersRefusedError, DraftError, UserError
from assessment.model.answers import Answer
from assessment.model.draft import KEYS, Content, Draft, DraftDeviation, DraftRow, key_of
from assessment.model.framework import Criterion, Theme
from assessment.model.question import Question
from assessment.model.sheets import Earlier
from assessment.service.clock import now
from assessment.service.drafts import Edit, save
from assessment.tables.frameworks import list_demands
from assessment.tables.versions import format_earlier, list_said
from assessment.ui.cache import get_installation, note_if_refused
from assessment.ui.components import show_quietly
from assessment.ui.notices import keep_notice, show_warning
from assessment.ui.session import HELD, SAVED, SEEN, Held, Key, draft_field

_NO_ANSWER = "Nog geen antwoord"
_LONGEST = 4_000
_NO_OPTIONS: Mapping[str, str] = {}


def ask_theme(draft: Draft, theme: Theme, earlier: Earlier | None = None) -> None:
    """Ask everything of a theme, with what was answered the last time beside each question."""
    for criterion in theme.criteria:
        st.divider()
        st.subheader(f"{criterion.criterion_id}  {criterion.title}", anchor=False)
        _show_demand(criterion)
        for question in criterion.questions:
            _ask_question(draft, question)
            if earlier is not None:
                _offer_earlier(draft, question, earlier)
        if criterion.criterion_id in draft.deviations:
            _ask_deviation(draft, criterion)
    if earlier is not None:
        _offer_all_earlier(draft, theme, earlier)


def _offer_earlier(draft: Draft, question: Question, earlier: Earlier) -> None:
    """Show what was answered the last time; one click takes it over, as long as nothing is answered."""
    key, told = question.question_id, format_earlier(question, earlier)
    if not told:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        show_quietly(f"Vorige keer, {told}")
        if not draft.answers[key].content.says_something:
            take = partial(_take_earlier, draft, [earlier.answers[key]])
            label, widget = "Zoals vorige keer", Key.DRAFT_AS_EARLIER.of(key)
            st.button(label, type="tertiary", key=widget, on_click=take)


def _offer_all_earlier(draft: Draft, theme: Theme, earlier: Earlier) -> None:
    """Offer below a theme, when all was seen, to take over what stands beside its open questions."""
    questions = (question for criterion in theme.criteria for question in criterion.questions)
    open_ones = (q.question_id for q in questions if not draft.answers[q.question_id].content.says_something)
    answers = [earlier.answers[key] for key in open_ones if key in earlier.answers]
    if answers:
        st.divider()
        st.button(
            f"Dit hele thema zoals vorige keer ({len(answers)} open)",
            key=Key.DRAFT_AS_EARLIER.of(theme.theme_id),
            on_click=partial(_take_earlier, draft, answers),
        )


def _take_earlier(draft: Draft, answers: Sequence[Answer]) -> None:
    """Store answers as they were the last time, on top of what was seen, and show them."""
    for answer in answers:
        for field in _fields_of(answer):
            draft_field(draft, answer.question_id, field).fill(_as_shown(field, getattr(answer, field)))
        _store(draft, SEEN.rows[draft.draft_id, answer.question_id], answer)


def _show_demand(criterion: Criterion) -> None:
    with st.expander("Wanneer voldoet dit?", type="compact"):
        lines = {**list_demands(criterion), "Soort": criterion.kind.dutch}
        st.markdown("\n\n".join(f"**{name}:** {text}" for name, text in lines.items()))


def _ask_question(draft: Draft, question: Question) -> None:
    key, row = question.question_id, draft.answers[question.question_id]
    options = {letter: option.text for letter, option in question.lettered}
    asked = question.text_as_asked(draft.whose.perspective)
    if _show_conflict(draft, row, asked, options):
        return
    _fill_in(draft, row)
    store = partial(_save_typed, draft, key)
    if question.is_open:
        _ask_text(f"**{key}**  {asked}", draft_field(draft, key, "explanation").key, store)
        _show_state(draft, row)
        return
    to_choose, to_write = st.columns([3, 2], gap="medium")
    with to_choose:
        st.radio(
            f"**{key}**  {asked}",
            [*options, ""],
            help=question.help,
            format_func=lambda letter: options.get(letter, _NO_ANSWER),
            key=draft_field(draft, key, "option_id").key,
            on_change=store,
        )
        _show_state(draft, row)
    with to_write, st.expander("Toelichting en bewijs", expanded=_says_more(row.content), type="compact"):
        _ask_text("Toelichting", draft_field(draft, key, "explanation").key, store)
        _ask_text("Bewijs", draft_field(draft, key, "evidence").key, store)


def _ask_deviation(draft: Draft, criterion: Criterion) -> None:
    key, row = criterion.criterion_id, draft.deviations[criterion.criterion_id]
    if _show_conflict(draft, row, f"Bewust anders bij {key}"):
        return
    _fill_in(draft, row)
    store = partial(_save_typed, draft, key)
    agreed = row.content != DraftDeviation(criterion_id=key)
    with st.expander(f"Doet u {key} bewust anders, en is dat afgesproken?", expanded=agreed, type="compact"):
        st.markdown("Vul alle drie in. Zolang de afspraak geldt, telt het criterium als voldaan.")
        _ask_text("Waarom doet u het anders?", draft_field(draft, key, "reason").key, store)
        _ask_text("Wie is akkoord? Noem de functie", draft_field(draft, key, "agreed_by").key, store)
        st.date_input(
            "Tot en met welke dag geldt het?",
            key=draft_field(draft, key, "until").key,
            format="DD-MM-YYYY",
            on_change=store,
        )
    _show_state(draft, row)


def ask_share(draft: Draft, theme: Theme) -> None:
    """Ask who takes a theme."""
    row = draft.themes[theme.theme_id]
    if _show_conflict(draft, row, "Wie neemt dit thema?"):
        return
    _fill_in(draft, row)
    st.text_input(
        "Wie neemt dit thema?",
        key=draft_field(draft, theme.theme_id, "taken_by").key,
        placeholder="Voornaam of functie",
        max_chars=60,
        width=360,
        on_change=partial(_save_typed, draft, theme.theme_id),
    )
    _show_state(draft, row)


def _ask_text(label: str, key: str, store: Callable[[], None]) -> None:
    st.text_area(label, key=key, max_chars=_LONGEST, height=68, on_change=store)


def _says_more(answer: Answer) -> bool:
    return bool(answer.explanation or answer.evidence)


def _show_state(draft: Draft, row: DraftRow[Content]) -> None:
    """Show under a row that it was stored just now, or why not."""
    key = key_of(row.content)
    held, saved = _find_held(draft, key), find_saved(draft)
    if held is not None:
        show_warning(f"Nog niet bewaard. {held.error}")
        with st.container(horizontal=True):
            label = "Toch bewaren" if isinstance(held.error, AnswersRefusedError) else "Probeer opnieuw"
            st.button(label, key=Key.DRAFT_ANYWAY.of(key), on_click=partial(_save_anyway, draft, key))
            st.button(
                "Zet terug wat er stond",
                key=Key.DRAFT_TAKE_BACK.of(key),
                on_click=partial(_let_go, draft, key),
            )
    elif saved is not None and saved[0] == key:
        show_quietly(f"Bewaard om {saved[1]:%H:%M}")


def _show_conflict(
    draft: Draft, row: DraftRow[Content], asked: str, options: Mapping[str, str] = _NO_OPTIONS
) -> bool:
    """Where somebody else changed the same: show both, and how it was, and let the user choose."""
    key = key_of(row.content)
    held = _find_held(draft, key)
    if held is None or not held.is_conflict:
        return False
    with st.container(border=True, key=f"conflict-{key}"):
        st.markdown(
            f"**{key}: een collega heeft dit intussen ook veranderd.** Er is niets overschreven. Kies."
        )
        st.markdown(asked)
        values = {
            f"Nu bewaard (om {row.changed:%H:%M} uur)": ("Houd wat er nu staat", row.content),
            "Van u, niet bewaard": ("Neem die van mij", held.mine),
            "Hoe het was": ("Zet terug hoe het was", held.before),
        }
        for place, (column, (title, (label, content))) in enumerate(
            zip(st.columns(len(values)), values.items(), strict=True)
        ):
            with column:
                show_quietly(title)
                for line in list_said(content, options):
                    st.text(line)
                st.button(
                    label,
                    key=Key.DRAFT_CONFLICT.of(key, place),
                    on_click=partial(_choose, draft, row, content),
                )
    return True


def _find_held(draft: Draft, key: str) -> Held | None:
    """What could not be stored in a row."""
    return HELD.rows.get((draft.draft_id, key))


def list_held(draft: Draft) -> list[str]:
    """The rows in which something could not be stored."""
    return [key for draft_id, key in HELD.rows if draft_id == draft.draft_id]


def find_saved(draft: Draft) -> tuple[str, datetime] | None:
    """The row that this session stored last, and when."""
    kept = SAVED.get()
    return (kept[0][1], kept[1]) if kept and kept[0][0] == draft.draft_id else None


def _fill_in(draft: Draft, row: DraftRow[Content]) -> None:
    """Give the widgets of a row what is stored, where this session has not seen that yet.

    What is being typed stays, and so does what could not be stored.
    """
    key = key_of(row.content)
    held = _find_held(draft, key)
    fields = _fields_of(row.content)
    is_shown = all(draft_field(draft, key, field).is_known for field in fields)
    if is_shown and (held is not None or SEEN.rows.get((draft.draft_id, key)) == row):
        return
    shown = held.mine if held else row.content
    for field in fields:
        draft_field(draft, key, field).fill(_as_shown(field, getattr(shown, field)))
    SEEN.rows[draft.draft_id, key] = row


def _save_typed(draft: Draft, key: str) -> None:
    """Store what the widgets of a row say now, on top of what was seen."""
    seen = SEEN.rows[draft.draft_id, key]
    typed: dict[str, Any] = {
        field: _as_stored(field, widget.read())
        for field in _fields_of(seen.content)
        if (widget := draft_field(draft, key, field)).is_known
    }
    _store(draft, seen, seen.content._replace(**typed))


def _save_anyway(draft: Draft, key: str) -> None:
    """Store what looked like it is about a person, now that somebody says that it is not."""
    held = HELD.rows[draft.draft_id, key]
    _store(draft, SEEN.rows[draft.draft_id, key], held.mine, accepted=True)


def _choose(draft: Draft, row: DraftRow[Content], content: Content) -> None:
    """End a conflict with one of the values that were shown; `row` is what was shown as stored."""
    _let_go(draft, key_of(content))
    _store(draft, row, content)


def _store(draft: Draft, seen: DraftRow[Content], content: Content, *, accepted: bool = False) -> None:
    place, moment = (draft.draft_id, key_of(content)), now()
    edit = Edit(draft.whose, draft.draft_id, content, seen.version, accepted)
    try:
        row = save(get_installation(), edit, moment)
    except DraftError as error:
        keep_notice(f"{error} Uw laatste wijziging bij {place[1]} is niet bewaard.")
        return
    except UserError as error:
        note_if_refused(error)
        HELD.rows[place] = Held(content, seen.content, error)
        return
    HELD.rows.pop(place, None)
    SEEN.rows[place] = row
    SAVED.put((place, moment))


def _let_go(draft: Draft, key: str) -> None:
    """Forget what was typed and what was seen: the next run shows what is stored."""
    HELD.rows.pop((draft.draft_id, key), None)
    SEEN.rows.pop((draft.draft_id, key), None)


def _fields_of(content: Content) -> list[str]:
    return [field for field in content._fields if field != KEYS[type(content)]]


def _as_shown(field: str, value: str | date | None) -> str | date | None:
    """A widget shows no choice as an empty text, and no day as none."""
    return value or "" if field == "option_id" else value


def _as_stored(field: str, value: str | date | None) -> str | date | None:
    """The other way around; a text that was never typed is an empty one."""
    return value or None if field in {"option_id", "until"} else value or ""
