"""`python -m assessment`: the same as `kaderscan`."""

from assessment.cli import main

if __name__ == "__main__":
    main()
