"""No text that anybody typed becomes a formula in a table, and each reads back as it was typed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.cli.console import print_csv, print_table
from assessment.model.register import House
from assessment.model.sheets import read_harmless, write_harmless
from assessment.writers.downloads import write_houses_csv

STARTS = "=+-@\t\r\n"


@given(st.text("'=+-@\t\r\na", max_size=6))
def test_a_text_reads_back_as_typed_and_never_begins_as_a_formula(text: str) -> None:
    written = write_harmless(text)

    assert read_harmless(written) == text
    assert not written.startswith(tuple(STARTS))


@pytest.mark.parametrize("name", ["'s-Hertogenbosch", "Huis", "''", ""])
def test_a_name_that_is_no_formula_is_written_as_it_is(name: str) -> None:
    assert write_harmless(name) == name
    assert read_harmless(name) == name


def test_houses_that_are_written_out_hold_no_formula() -> None:
    house = House(house_id="x", title="=HYPERLINK(1)", unit_id="noord", source="@bron", invented=True)

    written = write_houses_csv([house], {"x": 3}).decode("utf-8-sig")

    assert written.splitlines()[1] == "x;'=HYPERLINK(1);noord;;;;'@bron;;;True;3"


def test_a_printed_table_of_values_holds_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(pd.DataFrame({"Wie": ["=1+1", "wijkagent"], "Getal": [-1, 2]}))

    assert capsys.readouterr().out.splitlines() == ["Wie,Getal", "'=1+1,-1", "wijkagent,2"]


def test_what_people_typed_between_brackets_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(pd.DataFrame({"Opmerking": ["zie [/1] en [bold] :smile:"]}))

    assert "zie [/1] en [bold] :smile:" in capsys.readouterr().out
