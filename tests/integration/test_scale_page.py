"""The example on the page about scale does what the page says of it."""

import re

import pandas as pd
import pytest

from assessment.service.answer_table import TableOfAnswers, score_table
from assessment.service.bench.scoring import make_table
from assessment.settings import HOME, Settings
from tests.conftest import NOW

PAGE = HOME / "docs" / "scale.md"


def test_parts_of_whole_houses_score_as_the_whole_table(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HOME)
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102 - what the page shows
    score_part = names["score_part"]
    assert callable(score_part)
    table = make_table(Settings(), tmp_path_factory.mktemp("tabel"), 9_000)
    answers = pd.read_parquet(table.as_parquet)
    police = answers[answers["question_id"].isin(list(names["asked"].question))]  # type: ignore[attr-defined]
    path = table.as_parquet.with_name("politie.parquet")
    police.to_parquet(path)

    part = police["house_id"].str[-1]
    apart = pd.concat([score_part(police[part == each]) for each in sorted(set(part))])

    framework = HOME / "questionnaires" / "politie" / "1.1.yaml"
    scored = score_table((framework,), TableOfAnswers(path, None, NOW.date()))
    whole = pd.concat([scores.totals for scores in scored.batches])
    pd.testing.assert_frame_equal(
        apart.sort_values("house_id", ignore_index=True),
        whole.sort_values("house_id", ignore_index=True),
        check_exact=True,
    )
