"""Under a what-if: what keeping it would change, and the button that does."""

import streamlit as st

from assessment.errors import ConflictError, NotAllowedError, UserError
from assessment.model.access import Task
from assessment.service.access import may
from assessment.service.clock import now
from assessment.service.installation import Installation
from assessment.service.plans.what_if import Comparison, WhatIf, adopt_what_if, find_wanted, require_adoption
from assessment.tables.what_if import list_wanted, say_not_kept
from assessment.ui.cache import get_installation
from assessment.ui.components import show_quietly, show_rows
from assessment.ui.forms.what_if_choices import begin_afresh, name_key
from assessment.ui.session import WHAT_IF_MESSAGE

_DONE = "Overgenomen. Hierboven staat het nieuwe plan; de wat-als begint opnieuw."


def show_what_became_of_it() -> None:
    """Say once whether what was tried last is kept now, where the button to do so was."""
    if told := WHAT_IF_MESSAGE.take():
        st.info(told)


def show_adoption(installation: Installation, comparison: Comparison, what_if: WhatIf) -> None:
    """Say what keeping a what-if would change, and offer it to who may change each of these plans.

    Args:
        installation: with the visitor.
        comparison: what is shown.
        what_if: what was tried in it.
    """
    scores, wanted = comparison.present.scores, find_wanted(comparison)
    if not all(may(installation, Task.PLAN, house) for house in scores.houses):
        return
    if what_if.national:
        show_quietly(say_not_kept(what_if.national))
    if any(wanted):
        st.markdown("**Wilt u dit plan houden?** Dit verandert er dan, voor iedereen die het plan ziet:")
        show_rows(list_wanted(*wanted, comparison.questionnaire, scores.register))
        _offer(installation, comparison, what_if)


def _offer(installation: Installation, comparison: Comparison, what_if: WhatIf) -> None:
    try:
        require_adoption(installation, comparison)
    except NotAllowedError as error:
        st.info(f"{error} Zet die schuif terug om de rest over te nemen.")
        return
    reason = ""
    if what_if.dropped:
        key = name_key(comparison.present, "reden")
        reason = st.text_input("Waarom vervallen deze maatregelen?", key=key, max_chars=1000)
    show_quietly("Hiermee is het plan nog niet vastgesteld; dat doet u apart.")
    if st.button("Neem dit over", type="primary", key=name_key(comparison.present, "overnemen")):
        _adopt(comparison, reason)


def _adopt(comparison: Comparison, reason: str) -> None:
    """Keep what was tried and show the page anew; what can be repaired here is told here.

    What is offered goes by the rights with which the page was opened, what is done by those of this moment.
    """
    try:
        adopt_what_if(get_installation(), comparison, reason, now())
    except ConflictError as error:
        WHAT_IF_MESSAGE.put(str(error))
    except UserError as error:
        st.warning(str(error))
        return
    else:
        begin_afresh()
        WHAT_IF_MESSAGE.put(_DONE)
    st.rerun()
