"""Formulas as files: taken along as a sheet or as JSON, and loaded back after showing what that changes."""

from functools import partial

import streamlit as st

from assessment.errors import UserError
from assessment.model.access import Task
from assessment.model.register import House
from assessment.service.clock import now
from assessment.service.formula_files import (
    GivenFormulas,
    propose_formulas,
    read_formula_file,
    take_formulas,
)
from assessment.tables.formula_changes import list_given
from assessment.ui.cache import get_installation, get_queries, note_if_refused, trying
from assessment.ui.components import JSON, XLSX, show_quietly, show_rows
from assessment.ui.forms.papers import OfferedFile, offer
from assessment.ui.notices import show_info, show_warning
from assessment.ui.session import Key, Widget


def offer_formulas(house: House) -> None:
    """Offer all formulas of a house as files."""
    queries, name, told = get_queries(), f"formules_{house.house_id}", f"formules/{house.house_id}"
    as_sheet = partial(queries.export_formula_sheet, house.house_id)
    as_json = partial(queries.export_formulas, house.house_id)
    back = " Wat u wijzigt, laadt u op deze bladzijde terug."
    offer(
        f"De formules van {house.short_title}",
        "Een blad voor Excel of LibreOffice, of JSON voor programma's."
        f"{back if queries.may(Task.CHANGE_FORMULAS, house) else ''}",
        (
            OfferedFile("Excel", f"{name}.xlsx", XLSX, told, as_sheet),
            OfferedFile("JSON", f"{name}.json", JSON, told, as_json),
        ),
    )


def show_loading(house: House) -> None:
    """Take a changed file back, after showing what it changes."""
    show_quietly(
        "U ziet eerst wat het bestand wijzigt; pas daarna wordt iets bewaard. Het blad Formules staat ook in "
        "de vragenlijst van uw huis (Zelfscan): dat levert u daar in, of u laadt het hier terug."
    )
    upload = st.file_uploader(
        "Een gewijzigd bestand (.xlsx, .ods of .json)", key=Key.FORMULA_FILE.of(house.house_id)
    )
    if upload is None:
        return
    installation, house_id = get_installation(), house.house_id
    try:
        read = read_formula_file(installation, upload.getvalue(), upload.name, house_id)
        given = propose_formulas(installation, read.given, house_id)
    except UserError as error:
        note_if_refused(error)
        show_warning(str(error))
        return
    show_rows(list_given(given.formulas, given.capacities))
    if read.notes:
        show_info("\n\n".join(read.notes))
    box: Widget[bool] = Widget(Key.FORMULA_TAKE.of("toch"))
    st.checkbox("Wat op een gegeven van een inwoner lijkt, is dat niet", key=box.key)
    st.button("Neem over", type="primary", key=Key.FORMULA_TAKE, on_click=_take, args=(given, box))


def _take(given: GivenFormulas, accepted: Widget[bool]) -> None:
    def take() -> None:
        take_formulas(get_installation(), given, now(), accepted=accepted.read())

    trying(take, "Overgenomen.")
