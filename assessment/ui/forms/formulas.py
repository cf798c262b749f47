"""Where people make formulas: begin one, change it part by part, tell what parties have, take along and load.

Who changes what another changed meanwhile sees both values. What formulas ask for and show stands beside the
answers of a house too: never in their place, and never scored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from assessment.errors import ConflictError, PersonalTextError, UserError
from assessment.model.access import Task
from assessment.model.formula import Formula
from assessment.model.register import House
from assessment.service.clock import now
from assessment.service.formulas import (
    FormulaEdit,
    PartyCapacityEdit,
    apply_formula_edit,
    begin_formula,
    change_formulas,
    make_capacity,
    set_party_capacities,
)
from assessment.service.queries.formulas import FormulaPicture, HouseFormulas
from assessment.service.register import make_round_id
from assessment.tables.formula_board import list_formula_actions
from assessment.tables.formula_changes import list_capacity_change, list_formula_changes
from assessment.tables.formulas import describe_evidence
from assessment.ui.cache import get_installation, get_queries, note_if_refused, trying
from assessment.ui.components import show_quietly, show_rows
from assessment.ui.forms.formula_fields import read_fields, show_fields
from assessment.ui.forms.formula_files import show_loading
from assessment.ui.navigation import link_to
from assessment.ui.notices import as_text, keep_notice, show_success, show_warning
from assessment.ui.session import (
    FORMULA_CONFLICT,
    FORMULA_MESSAGE,
    FORMULA_PERSONAL,
    Key,
    Message,
    Widget,
)

_PLAIN = ("title", "municipality", "theme", "level", "target_group", "problem")
_END = ("start", "review", "status", "shared")
_DIRECTING = ("board", "process", "casus")
_FIGURE = ("name", "unit", "baseline", "target", "due", "source")
# The fields of each kind of part, by the name of the field that holds such parts.
_PARTS: Mapping[str, Sequence[str]] = {
    "parties": ("name", "kind", "role", "effort", "amount", "means", "mandate"),
    "interventions": ("what", "side", "party", "amount"),
    "outcomes": ("what",),
    "indicators": _FIGURE,
    "counts": _FIGURE,
    "readings": ("day", "value", "source"),
}
_NEW = -1
Path = tuple[str | int, ...]


def show_changing(found: HouseFormulas, year: int) -> None:
    """Show whoever may change the formulas of a house where to do so; to others nothing."""
    house = found.house
    if not get_queries().may(Task.CHANGE_FORMULAS, house):
        return
    st.header("Formules maken en bijhouden", anchor=False)
    with st.expander("Begin een formule", expanded=not found.formulas):
        _show_begin(house)
    if found.formulas:
        with st.expander("Wijzig een formule"):
            _show_forms(found)
    _show_told(found)
    with st.expander("Leg vast wat een partij in een jaar heeft"):
        _show_capacity(found, year)
    with st.expander("Laad een gewijzigd bestand terug"):
        show_loading(house)


def _show_begin(house: House) -> None:
    """Let somebody begin with nothing, with an example, or with what another house shares."""
    starts = get_queries().list_formula_starts(house.house_id, "nieuw")
    titles = ["een leeg blad", *(f"{each.title} ({each.source})" for each in starts)]
    st.selectbox("Begin met", range(len(titles)), format_func=titles.__getitem__, key=Key.FORMULA_START)
    st.text_input("Naam van uw formule", key=Key.FORMULA_TITLE, max_chars=200)
    drafts = [None, *(each.formula for each in starts)]
    st.button("Begin", type="primary", key=Key.FORMULA_START.of("ja"), on_click=_begin, args=(house, drafts))
    show_quietly("Uren, mandaat, regie en metingen van een ander huis gaan niet mee: die vult u zelf in.")


def _begin(house: House, drafts: Sequence[Formula | None]) -> None:
    chosen: Widget[int] = Widget(Key.FORMULA_START)
    title: Widget[str] = Widget(Key.FORMULA_TITLE)
    start = drafts[chosen.read()]
    given = title.read().strip() or (start.title if start else "")
    formula_id = make_round_id(given)
    if not formula_id:
        keep_notice("Geef de formule een naam met een letter of een cijfer. Er is niets bewaard.")
        return
    base = start or Formula(house_id=house.house_id, formula_id=formula_id, title=given)
    draft = base.model_copy(update={"formula_id": formula_id, "title": given})
    trying(partial(begin_formula, get_installation(), draft, now()), f"'{given}' is begonnen, als concept.")


def _show_forms(found: HouseFormulas) -> None:
    known = {each.formula_id: each for each in found.formulas}
    chosen = st.selectbox("Formule", list(known), format_func=lambda key: known[key].title, key=Key.FORMULA)
    formula = known[chosen]
    whole, parts = st.columns(2, gap="large")
    with whole:
        _show_whole(formula)
    with parts:
        _show_parts(formula)


def _place(formula: Formula) -> tuple[object, ...]:
    """The version that is looked at; another one has widgets of its own, which show what is stored."""
    return formula.house_id, formula.formula_id, formula.version


def _show_whole(formula: Formula) -> None:
    content, place = formula.model_dump(mode="json"), _place(formula)
    with st.form(Key.FORMULA_FORM.of(*place), border=False):
        show_fields(_PLAIN, content, *place)
        show_fields(_DIRECTING, content["directing"], *place)
        show_fields(_END, content, *place)
        st.form_submit_button("Bewaar", type="primary", on_click=_save_whole, args=(formula,))


def _save_whole(formula: Formula) -> None:
    place = _place(formula)
    typed = read_fields((*_PLAIN, *_END), *place) | {"directing": read_fields(_DIRECTING, *place)}
    content = formula.model_dump(mode="json")
    _store(_edit(formula, {name: value for name, value in typed.items() if value != content[name]}))


def _edit(formula: Formula, changes: Mapping[str, object]) -> FormulaEdit:
    return FormulaEdit(formula.house_id, formula.formula_id, changes, formula.version)


def _show_parts(formula: Formula) -> None:
    """Let somebody choose one part, or a new one, and change it or take it away."""
    place, content = _place(formula), formula.model_dump(mode="json")
    paths = _list_paths(content)
    where = st.selectbox("Wat wilt u invullen?", list(paths), key=Key.FORMULA_PLACE.of(*place))
    path = paths[where]
    items = _find(content, path)
    at = st.selectbox(
        "Welke?",
        [*range(len(items)), _NEW],
        format_func=lambda each: "een nieuwe" if each == _NEW else _name(items[each]),
        key=Key.FORMULA_PART.of(*place, *path),
    )
    here = (*place, *path, at)
    fields = _PARTS[str(path[-1])]
    with st.form(Key.FORMULA_FORM.of(*here), border=False):
        show_fields(fields, {} if at == _NEW else items[at], *here)
        st.form_submit_button(
            "Bewaar dit deel", type="primary", on_click=_save_part, args=(formula, path, at)
        )
    if at != _NEW:
        st.button(
            "Haal dit deel weg",
            key=Key.FORMULA_PART.of(*here, "weg"),
            on_click=_drop_part,
            args=(formula, path, at),
        )


def _list_paths(content: Mapping[str, Any]) -> dict[str, Path]:
    """Where parts stand in a formula, each with what people call it."""
    paths: dict[str, Path] = {
        "Partijen": ("parties",),
        "Interventies": ("interventions",),
        "Effecten": ("outcomes",),
        "Tellingen": ("counts",),
    }
    figures: list[tuple[Path, Mapping[str, Any]]] = []
    for place, outcome in enumerate(content["outcomes"]):
        own: Path = ("outcomes", place, "indicators")
        paths[f"Indicatoren van '{outcome['what']}'"] = own
        figures += [((*own, each), figure) for each, figure in enumerate(outcome["indicators"])]
    figures += [(("counts", each), figure) for each, figure in enumerate(content["counts"])]
    return paths | {f"Metingen van '{figure['name']}'": (*path, "readings") for path, figure in figures}


def _find(content: Any, path: Path) -> list[dict[str, Any]]:  # noqa: ANN401 - what a file would hold
    found: Any = content
    for step in path:
        found = found[step]
    items: list[dict[str, Any]] = found
    return items


def _name(item: Mapping[str, Any]) -> str:
    """What people call a part: by its name, by what it is, or by its day."""
    return str(item.get("name") or item.get("what") or item.get("day") or item.get("effort") or "zonder naam")


def _save_part(formula: Formula, path: Path, at: int) -> None:
    typed = read_fields(_PARTS[str(path[-1])], *_place(formula), *path, at)

    def change(items: list[dict[str, Any]]) -> None:
        if at == _NEW:
            items.append(typed)
        else:
            items[at] |= typed

    _change_parts(formula, path, change)


def _drop_part(formula: Formula, path: Path, at: int) -> None:
    _change_parts(formula, path, lambda items: items.pop(at))


def _change_parts(formula: Formula, path: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    content = formula.model_dump(mode="json")
    change(_find(content, path))
    field = str(path[0])
    _store(_edit(formula, {field: content[field]}))


def _store(edit: FormulaEdit | PartyCapacityEdit) -> None:
    """Store an edit; where somebody else was first it is held, so that both can be shown."""
    _let_go()
    try:
        changed = _decide(edit)
    except ConflictError:
        FORMULA_CONFLICT.put(edit)
    except PersonalTextError as error:
        FORMULA_PERSONAL.put((edit, str(error)))
    except UserError as error:
        note_if_refused(error)
        FORMULA_MESSAGE.put(Message(str(error), done=False))
    else:
        told = "Bewaard." if changed else "Dit stond er al. Er is niets veranderd."
        FORMULA_MESSAGE.put(Message(told, done=True))


def _decide(edit: FormulaEdit | PartyCapacityEdit) -> Sequence[object]:
    """Store what somebody wants of a formula, or of what a party has; what was changed."""
    if isinstance(edit, PartyCapacityEdit):
        return set_party_capacities(get_installation(), [edit], now())
    return change_formulas(get_installation(), [edit], now())


def _let_go() -> None:
    FORMULA_CONFLICT.forget()
    FORMULA_PERSONAL.forget()


def _show_told(found: HouseFormulas) -> None:
    """Say under the forms, once, what became of them; a conflict and a question stay until answered."""
    with st.container():
        message = FORMULA_MESSAGE.take()
        if message is not None:
            (show_success if message.done else show_warning)(message.text)
        _show_conflict(found)
        _ask_personal(found)


def _show_conflict(found: HouseFormulas) -> None:
    match FORMULA_CONFLICT.get():
        case FormulaEdit() as edit if edit.house_id == found.house.house_id:
            _show_formula_conflict(found, edit)
        case PartyCapacityEdit() as edit if edit.house_id == found.house.house_id:
            _show_capacity_conflict(found, edit)


def _show_formula_conflict(found: HouseFormulas, edit: FormulaEdit) -> None:
    formula = next((each for each in found.formulas if each.formula_id == edit.formula_id), None)
    if formula is not None:
        rows = list_formula_changes(formula, apply_formula_edit(formula, edit), edit.changes)
        _offer_both(f"'{formula.title}'", rows, replace(edit, seen=formula.version))


def _show_capacity_conflict(found: HouseFormulas, edit: PartyCapacityEdit) -> None:
    wanted = make_capacity(edit)
    stored = next(
        (each for each in found.capacities if (each.key, each.year) == (wanted.key, wanted.year)), None
    )
    if stored is not None:
        rows = list_capacity_change(stored, wanted)
        _offer_both(f"De inzet van {stored.party} in {stored.year}", rows, replace(edit, seen=stored.version))


def _offer_both(what: str, rows: pd.DataFrame, mine: FormulaEdit | PartyCapacityEdit) -> None:
    """Show both values side by side, and let whoever was overtaken choose."""
    show_warning(
        f"{what} is intussen door iemand anders gewijzigd. Er is nog niets van u bewaard. Kies wat moet "
        "gelden."
    )
    show_rows(rows)
    with st.container(horizontal=True):
        st.button("Neem mijn waarden", key=Key.FORMULA_MINE, on_click=_store, args=(mine,))
        st.button("Houd wat er staat", key=Key.FORMULA_THEIRS, on_click=_let_go)


def _ask_personal(found: HouseFormulas) -> None:
    asked = FORMULA_PERSONAL.get()
    if asked is None or asked[0].house_id != found.house.house_id:
        return
    edit, told = asked
    show_warning(told)
    with st.container(horizontal=True):
        st.button(
            "Toch bewaren", key=Key.FORMULA_ANYWAY, on_click=_store, args=(replace(edit, accepted=True),)
        )
        st.button("Ik pas het aan", key=Key.FORMULA_REPAIR, on_click=_let_go)


def _show_capacity(found: HouseFormulas, year: int) -> None:
    """Let somebody tell what a party has for all formulas together."""
    names = {key: party.name for each in found.formulas for key, party in each.party.items()}
    names |= {each.key: each.party for each in found.capacities}
    if not names:
        st.markdown("Zet eerst een partij in een formule.")
        return
    chosen = st.selectbox(
        "Partij", sorted(names), format_func=names.__getitem__, key=Key.CAPACITY.of("partij")
    )
    known = next((each for each in found.capacities if (each.key, each.year) == (chosen, year)), None)
    place = (found.house.house_id, chosen, year, known.version if known else 0)
    amount = known.amount.model_dump(mode="json") if known and known.amount else None
    with st.form(Key.CAPACITY.of(*place), border=False):
        show_fields(["amount"], {"amount": amount}, *place)
        edit = PartyCapacityEdit(found.house.house_id, names[chosen], year, None, place[3])
        st.form_submit_button(
            f"Bewaar voor {year}", type="primary", on_click=_save_capacity, args=(edit, place)
        )


def _save_capacity(edit: PartyCapacityEdit, place: Sequence[object]) -> None:
    amount: Any = read_fields(["amount"], *place)["amount"]
    _store(replace(edit, amount=amount))


def find_formula_picture(house: House) -> FormulaPicture | None:
    """What follows from the formulas of a house; None where it has none, or the visitor may not see them."""
    queries = get_queries()
    if not queries.may(Task.SEE_FORMULAS, house):
        return None
    picture = queries.find_formula_picture(house.house_id)
    return picture if picture.formulas else None


def show_formula_actions(picture: FormulaPicture | None) -> None:
    """Show which formulas are to be reviewed within sixty days, or should have been, and which are half."""
    if picture is None:
        return
    actions = list_formula_actions(picture.formulas, picture.reviews)
    if not actions.empty:
        show_quietly("Uit de veiligheidsformules van dit huis")
        show_rows(actions)
    link_to("formules", "Formules: wie zet wat in, en wat levert het op")


def show_formula_evidence(picture: FormulaPicture | None, criterion_id: str) -> None:
    """Show beside an answer what the formulas of the house show; the answer stays what it is."""
    for evidence in picture.evidence if picture else ():
        if evidence.criterion_id == criterion_id:
            told = as_text(describe_evidence(evidence))
            st.markdown(f"**Naast dit antwoord, uit de formules:** {told} Dit telt niet mee in de uitkomst.")
