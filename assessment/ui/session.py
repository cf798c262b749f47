"""What a session remembers."""

import streamlit as st

from assessment.service.intake import FileOutcome, NamedFile


def keep_handed_in(handed_in: FileOutcome) -> None:
    """Remember what became of a file; the other pages then open on its house."""
    kept: dict[str, FileOutcome] = st.session_state.setdefault("ingeleverd", {})
    kept[handed_in.file.sha256] = handed_in
    if handed_in.submission_id and handed_in.receipt is not None:
        st.session_state["huis"] = handed_in.receipt.house.house_id


def find_handed_in(file: NamedFile) -> FileOutcome | None:
    """What became of a file with these very bytes in this session."""
    kept: dict[str, FileOutcome] = st.session_state.get("ingeleverd", {})
    return kept.get(file.sha256)


def go_to_theme(draft_id: str, theme_id: str) -> None:
    """Remember which theme of a draft to show."""
    st.session_state["themas"][draft_id] = theme_id
