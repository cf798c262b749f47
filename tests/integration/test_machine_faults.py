"""A full disk, a database file that is gone, a clock that jumps: told, nothing half, works again after."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.errors import StoreError
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, hand_in
from assessment.service.versions import adopt, reopen
from assessment.store.submissions import load_current
from assessment.store.versions import load_versions
from tests.conftest import NOW, count_submissions, installation_at
from tests.databases import Databases
from tests.disks import SmallDisk
from tests.reading import verify_trail
from tests.soaking import ROUND, find_soaked, make_new


@pytest.fixture
def on_small_disk(databases: Databases, demo_database: str, small_disk: SmallDisk) -> Iterator[Installation]:
    """The demo, with its database on a small disk."""
    address = databases.copy_to(demo_database, small_disk.folder)
    opened = installation_at(address)
    yield opened
    opened.close()
    databases.drop(address)


def new_file(installation: Installation, comment: str = "nieuw") -> NamedFile:
    """A file that was not handed in before."""
    return make_new(find_soaked(installation).files[0], comment)


def turn_for_ever(installation: Installation) -> None:
    """Adopt and reopen until something stops it."""
    submission_id = find_soaked(installation).adopted
    while True:
        adopt(installation, submission_id, NOW)
        reopen(installation, submission_id, "vol" * 150, NOW)


@pytest.mark.mount
def test_a_disk_that_is_full_is_told_and_what_was_refused_can_be_done_again(
    on_small_disk: Installation, small_disk: SmallDisk
) -> None:
    before = count_submissions(on_small_disk)
    small_disk.fill()

    with pytest.raises(StoreError, match=r"de schijf is vol\. Er is niets bewaard\.$"):
        turn_for_ever(on_small_disk)

    assert count_submissions(on_small_disk) == before
    small_disk.clean_up()
    verify_trail(on_small_disk)
    assert hand_in(on_small_disk, new_file(on_small_disk), NOW).submission_id


@pytest.mark.sqlite
def test_a_file_that_is_gone_is_told_and_no_empty_one_takes_its_place(
    demo: Installation, tmp_path: Path
) -> None:
    before, new = count_submissions(demo), new_file(demo)
    file = Path(demo.settings.database_url.removeprefix("sqlite:///"))
    away = tmp_path / "weg.sqlite"
    file.rename(away)

    for _ in range(2):
        with pytest.raises(StoreError, match=r"is er niet meer\. Zet het bestand terug"):
            hand_in(demo, new, NOW)

    assert not file.exists()
    away.rename(file)
    assert count_submissions(demo) == before
    assert hand_in(demo, new, NOW).submission_id


@pytest.mark.sqlite
def test_another_file_in_its_place_is_seen_at_once(demo: Installation, tmp_path: Path) -> None:
    """A connection that stayed on the old file would store what nobody ever finds."""
    file = Path(demo.settings.database_url.removeprefix("sqlite:///"))
    other = tmp_path / "ander.sqlite"
    shutil.copy(file, other)
    before, new = count_submissions(demo), new_file(demo)
    other.replace(file)

    hand_in(demo, new, NOW)

    again = installation_at(demo.settings.database_url)
    assert count_submissions(again) == before + 1
    again.close()


def test_a_clock_that_jumps_back_changes_nothing_in_the_order_of_things(demo: Installation) -> None:
    whose = find_soaked(demo).adopted
    first = hand_in(demo, new_file(demo, "eerst"), NOW)
    earlier = NOW - timedelta(days=40)

    second = hand_in(demo, new_file(demo, "daarna"), earlier)
    adopt(demo, whose, NOW)
    reopen(demo, whose, "de klok ging terug", earlier)
    adopt(demo, whose, earlier - timedelta(days=1))

    assert first.receipt is not None
    with demo.store.reading() as session:
        current = load_current(session, ROUND, first.receipt.house.house_id, Perspective.POLICE)
        states = {each.submission_id: each.state.dutch for each in load_versions(session, ROUND)}
    assert current is not None
    assert current.submission_id == second.submission_id
    assert states[whose] == "vastgesteld"
    verify_trail(demo)
