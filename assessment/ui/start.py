"""Runs the dashboard as `streamlit run` does, but says nothing in English when it is stopped."""

import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until all is loaded, Ctrl-C ends it at once

    import sys
    from contextlib import suppress

    from click import Abort
    from streamlit.web.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    with suppress(Abort):
        main(["run", *sys.argv[1:]], standalone_mode=False)
