"""Runs the dashboard as `streamlit run` does, but says nothing in English when it is stopped."""

import sys
from contextlib import suppress

from click import Abort
from streamlit.web.cli import main

if __name__ == "__main__":
    with suppress(Abort):
        main(["run", *sys.argv[1:]], standalone_mode=False)
