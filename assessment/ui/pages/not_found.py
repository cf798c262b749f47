"""A page for an address that does not exist."""

import streamlit as st


def render() -> None:
    """Show the page."""
    st.title("Deze pagina bestaat niet", anchor=False)
    st.markdown("Misschien is het adres niet goed overgenomen. Kies hierboven waar u naartoe wilt.")
