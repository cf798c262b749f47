"""`python -m assessment`: the same as `kaderscan`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # `-m` puts the folder one stands in there: what lies in it is not ours to run
    from assessment.cli import main

    main()
