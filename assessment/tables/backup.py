"""What a backup holds beside what there is now, with Dutch headings."""

from collections.abc import Mapping

import pandas as pd

_SHOWN = {
    "units": "Eenheden",
    "houses": "Huizen",
    "rounds": "Rondes",
    "submissions": "Inleveringen",
    "answers": "Antwoorden",
    "deviations": "Bewust anders",
    "audit": "Regels in het logboek",
}


def list_contents(now: Mapping[str, int], in_file: Mapping[str, int]) -> pd.DataFrame:
    """How many of each kind there are now and in a backup.

    Args:
        now: rows by table, as the store counts them.
        in_file: the same, of the backup.

    Returns:
        A row per kind: Wat, Nu, In het bestand.
    """
    rows = [(dutch, now.get(name, 0), in_file.get(name, 0)) for name, dutch in _SHOWN.items()]
    return pd.DataFrame(rows, columns=["Wat", "Nu", "In het bestand"])


def tell_contents(rows: Mapping[str, int]) -> str:
    """How many houses, rounds and submissions there are, in words."""
    told = (("houses", "huizen"), ("rounds", "rondes"), ("submissions", "inleveringen"))
    return ", ".join(f"{rows.get(name, 0)} {dutch}" for name, dutch in told)
