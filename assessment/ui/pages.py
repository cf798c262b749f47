"""The pages of the dashboard and the way between them; Streamlit runs this at every turn."""

from pathlib import Path

import streamlit as st

from assessment.errors import UserError
from assessment.ui import country, home, house, intake, roadmap
from assessment.ui.pieces import show_look
from assessment.ui.state import keep_pages

ICON = str(Path(__file__).with_name("icon.png"))

st.set_page_config(page_title="Kaderscan", page_icon=ICON, layout="wide", menu_items={"About": None})
show_look()
pages = {
    "start": st.Page(home.render, title="Start", url_path="start", default=True),
    "zelfscan": st.Page(intake.render, title="Zelfscan", url_path="zelfscan"),
    "huis": st.Page(house.render, title="Mijn huis", url_path="mijn-huis"),
    "routekaart": st.Page(roadmap.render, title="Routekaart", url_path="routekaart"),
    "land": st.Page(country.render, title="Landelijk beeld", url_path="landelijk-beeld"),
}
keep_pages(pages)
try:
    st.navigation(list(pages.values()), position="top").run()
except UserError as error:
    st.warning(str(error))
