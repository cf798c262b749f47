"""Migrations follow each other one by one: two people who add one at once are told, before a database is."""

from itertools import pairwise

from assessment.store.upgrade import list_migrations


def test_migrations_are_numbered_without_a_double_or_a_hole() -> None:
    numbers = [int(each) for each in list_migrations()]

    assert numbers[0] == 1
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
