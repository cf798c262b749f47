"""Accounts for reading."""

from collections.abc import Iterable

import pandas as pd

from assessment.model.access import Account
from assessment.tables.shown import show_day


def show_accounts(accounts: Iterable[Account]) -> pd.DataFrame:
    """Each account with its rights, by id."""
    rows = [
        (
            account.account_id,
            account.name,
            ", ".join(map(str, account.grants)) or "–",
            "ja" if account.identity else "nee",
            show_day(account.added),
            show_day(account.ended),
        )
        for account in accounts
    ]
    headings = ["Account", "Naam", "Rechten", "Kan aanmelden", "Sinds", "Beëindigd"]
    return pd.DataFrame(rows, columns=headings, dtype="str")
