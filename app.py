"""The dashboard as an ASGI application; `streamlit run app.py` or `kaderscan serve` starts it."""

import streamlit as st

from assessment.ui.server import MIDDLEWARE, ROUTES, prepare

app = st.App("assessment/ui/pages.py", middleware=MIDDLEWARE, routes=ROUTES, lifespan=prepare)
