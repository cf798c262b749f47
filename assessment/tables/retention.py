"""Terms and old records, for reading."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from assessment.model.records import OldRecord, RecordKind
from assessment.tables.shown import show_day


def list_retention(terms: Mapping[RecordKind, int], old: Sequence[OldRecord]) -> pd.DataFrame:
    """A row per kind of record: how long it is kept, and how many are older."""
    counts = Counter(record.kind for record in old)
    rows = [
        (kind.dutch, f"{months} maanden" if months else "altijd", counts[kind])
        for kind, months in terms.items()
    ]
    rows.append(("vastgestelde en nieuwste versies, plannen, register, logboek", "altijd", 0))
    return pd.DataFrame(rows, columns=["Wat", "Bewaren", "Ouder (n)"])


def list_old(old: Sequence[OldRecord]) -> pd.DataFrame:
    """A row per record that would go."""
    return pd.DataFrame(
        {
            "Wat": [record.kind.dutch for record in old],
            "Kenmerk": [record.record_id for record in old],
            "Van": [show_day(record.moment) for record in old],
        }
    )
