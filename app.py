"""The dashboard as an ASGI application; `streamlit run app.py` or `kaderscan serve` starts it."""

import streamlit as st

import assessment.dashboard  # noqa: F401 - so that everything is loaded before the first visitor comes
from assessment.ui.server import MIDDLEWARE, ROUTES, open_door, prepare

app = st.App(
    "assessment/dashboard.py", secrets=open_door(), middleware=MIDDLEWARE, routes=ROUTES, lifespan=prepare
)
