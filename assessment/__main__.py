"""`python -m assessment`: the same as `kaderscan`."""

from assessment.cli import main

main()
