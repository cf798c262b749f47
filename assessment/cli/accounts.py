"""Commands on accounts: who may sign in, and with which rights."""

import click

from assessment.cli.console import installation, print_table
from assessment.model.access import Account, Grant
from assessment.service.accounts import (
    add_account,
    end_account,
    grant_role,
    link_identity,
    list_accounts,
    read_role,
    revoke_role,
    say_linked,
)
from assessment.service.clock import now
from assessment.service.sign_in import make_identity
from assessment.tables.administration import show_accounts

account_argument = click.argument("account_id", metavar="ACCOUNT")
role_argument = click.argument(
    "grant", metavar="RECHT", callback=lambda _context, _option, text: read_role(text)
)


@click.group
def account() -> None:
    """Hold the commands on accounts together."""


@account.command("list", help="Toont de accounts.")
def list_() -> None:
    """Print the accounts."""
    print_table(show_accounts(list_accounts(installation())))


@account.command(help="Voegt een account toe, nog zonder rechten.")
@account_argument
@click.option("--name", required=True, metavar="NAAM", help="De naam die de persoon zelf ziet.")
@click.option(
    "--subject",
    metavar="NUMMER",
    help="Het nummer dat de persoon ziet die aanmeldt en nog geen account heeft.",
)
def add(account_id: str, name: str, subject: str | None) -> None:
    """Add an account."""
    where = installation()
    identity = None if subject is None else make_identity(where.settings, subject)
    added = add_account(where, account_id, name, identity, now())
    click.echo(f"Account {added.account_id} is toegevoegd. Geef rechten met: kaderscan account grant.")


@account.command(
    help="Geeft een recht: manager:HUIS, politie:EENHEID, eenheid:EENHEID, landelijk of beheerder."
)
@account_argument
@role_argument
def grant(account_id: str, grant: Grant) -> None:
    """Give an account a role."""
    _tell_rights(grant_role(installation(), account_id, grant, now()))


@account.command(help="Trekt een recht in; dat geldt vanaf de volgende klik.")
@account_argument
@role_argument
def revoke(account_id: str, grant: Grant) -> None:
    """Take a role away."""
    _tell_rights(revoke_role(installation(), account_id, grant, now()))


@account.command(help="Koppelt wie aanmeldt aan een account dat er al is.")
@account_argument
@click.option(
    "--subject", required=True, metavar="NUMMER", help="Het nummer dat de persoon na het aanmelden ziet."
)
def link(account_id: str, subject: str) -> None:
    """Link who signs in to an account."""
    where = installation()
    before, after = link_identity(where, account_id, make_identity(where.settings, subject), now())
    click.echo(say_linked(before, after))


@account.command(help="Beëindigt een account; het verliest al zijn rechten.")
@account_argument
def end(account_id: str) -> None:
    """End an account."""
    end_account(installation(), account_id, now())
    click.echo(f"Account {account_id} is beëindigd.")


def _tell_rights(changed: Account) -> None:
    rights = ", ".join(map(str, changed.grants)) or "geen"
    click.echo(f"Rechten van {changed.account_id}: {rights}.")
