"""A draft as stable JSON: every row with its version, for whoever changes it on top of what they saw."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from assessment.model.draft import Content, Draft, DraftRow


def write_draft(draft: Draft) -> str:
    """Write a draft."""
    facts = {
        "draft_id": draft.draft_id,
        **draft.whose._asdict(),
        "based_on": draft.based_on,
        "revision": draft.revision,
        "answers": _list(draft.answers.values()),
        "deviations": _list(draft.deviations.values()),
        "themes": _list(draft.themes.values()),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, default=date.isoformat)


def _list(rows: Iterable[DraftRow[Content]]) -> list[Mapping[str, object]]:
    return [
        {
            **row.content._asdict(),
            "version": row.version,
            "changed_by": row.changed_by,
            "changed": row.changed.isoformat(),
        }
        for row in rows
    ]
