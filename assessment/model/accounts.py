"""Accounts: who signs in, and what that person was granted."""

from datetime import date
from typing import Self

from pydantic import model_validator

from assessment.model.access import Grant, Visitor
from assessment.model.register import Slug
from assessment.model.rules import Frozen, Text


class Identity(Frozen):
    """Who somebody is for the organisation that signs people in: its address, and its id of the person."""

    issuer: Text
    subject: Text


class Account(Frozen):
    """A person who may sign in; `account_id` is what the audit trail says, so it holds no name."""

    account_id: Slug
    name: Text
    identity: Identity | None = None
    grants: tuple[Grant, ...] = ()
    added: date
    ended: date | None = None

    @model_validator(mode="after")
    def who_ended_has_no_rights(self) -> Self:
        """An account that ended keeps its id for the audit trail, and nothing else."""
        if self.ended and self.grants:
            raise ValueError(f"{self.account_id}: een beëindigd account heeft geen rechten")
        return self

    @property
    def visitor(self) -> Visitor:
        """For whom use cases then work."""
        return Visitor(who=self.account_id, name=self.name, grants=self.grants)
