"""Commands on what is administered: the houses of the register, and accounts with their rights."""

from datetime import date
from pathlib import Path

import click

from assessment.cli.console import (
    FILE,
    OPTIONAL_DAY,
    confirm,
    hand_out,
    installation,
    print_table,
    queries,
)
from assessment.cli.terminal import echo
from assessment.model.access import Account, Grant
from assessment.service.access import share_text
from assessment.service.accounts import (
    add_account,
    describe_linked,
    end_account,
    grant_role,
    link_identity,
    read_role,
    revoke_role,
)
from assessment.service.clock import now
from assessment.service.register import (
    edit_house,
    find_changes,
    import_districts,
    import_houses,
    put_district,
    remove_district,
)
from assessment.service.sign_in import make_identity
from assessment.tables.administration import describe_house, list_account_rows
from assessment.tables.formats import format_counted


@click.group
def house() -> None:
    """Hold the commands on houses together."""


@house.command("list", help="Toont de huizen.")
def list_houses_() -> None:
    """Print the houses of the register."""
    print_table(queries().list_register_houses())


@house.command("import", help="Neemt huizen over uit een tabel (CSV, .xlsx of .ods); zie data/houses.csv.")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def import_(file: Path, *, yes: bool) -> None:
    """Take houses over from a table; what it changes in houses that are there is shown first."""
    where = installation()
    changes = find_changes(where, file)
    for told in changes.values():
        echo(told)
    if changes and not yes:
        confirm("Overnemen?", "Er is niets veranderd.")
    count = import_houses(where, file, now(), changes)
    echo(f"{format_counted(count, 'huis')} overgenomen uit {file}.")


@house.command(help="Schrijft de huizen als CSV, met hun versie, om te wijzigen en weer over te nemen.")
@click.option("-o", "--output", required=True, type=FILE, metavar="BESTAND", help="Waar het bestand komt.")
def export(output: Path) -> None:
    """Write the houses to a file."""
    where = installation()
    hand_out(where, output, queries(where).export_houses(), "huizen")
    echo(f"Geschreven: {output}")


@house.command(help="Toont wat het register van een huis weet, en in welke versie.")
@click.argument("house_id", metavar="HUIS")
def show(house_id: str) -> None:
    """Print a house."""
    found = queries().get_house(house_id)
    echo(f"{house_id}: {describe_house(found.house)} (versie {found.version}).")


@house.command(help="Wijzigt een huis in het register; wat u niet noemt, blijft. Leeg maken mag met ''.")
@click.argument("house_id", metavar="HUIS")
@click.option("--title", metavar="NAAM", help="Hoe het huis heet.")
@click.option("--unit", "unit_id", metavar="EENHEID", help="De politie-eenheid.")
@click.option(
    "--from", "valid_from", type=OPTIONAL_DAY, metavar="DAG", help="Eerste dag, bijvoorbeeld 1-7-2027."
)
@click.option(
    "--to", "valid_to", type=OPTIONAL_DAY, metavar="DAG", help="Laatste dag, bijvoorbeeld '30 juni 2027'."
)
@click.option("--merged-into", metavar="HUIS", help="Het huis waarin het opging.")
@click.option("--source", metavar="BRON", help="Waar dit staat.")
@click.option(
    "--district", "districts", multiple=True, metavar="DISTRICT", help="Mag vaker; het eerste is aan zet."
)
@click.option("--team", "teams", multiple=True, metavar="NAAM", help="Een basisteam; mag vaker.")
@click.option(
    "--version",
    type=click.IntRange(min=1),
    metavar="NUMMER",
    help="De versie die u zag; is er intussen een nieuwere, dan ziet u beide en verandert er niets.",
)
def change(
    house_id: str,
    version: int | None,
    districts: tuple[str, ...],
    teams: tuple[str, ...],
    **given: str | date | None,
) -> None:
    """Change a house."""
    where = installation()
    seen = queries(where).get_house(house_id)
    asked = seen._replace(version=version or seen.version)
    said = {name: text for name, text in given.items() if text is not None}
    lists = {name: texts for name, texts in (("districts", districts), ("teams", teams)) if texts}
    changes: dict[str, object] = {name: tuple(filter(None, texts)) for name, texts in lists.items()}
    changes |= {name: text or ("" if name == "source" else None) for name, text in said.items()}
    changed = edit_house(where, asked, changes, now())
    echo(f"{house_id}: {describe_house(changed.house)} (versie {changed.version}).")


@click.group
def district() -> None:
    """Hold the commands on districts together."""


@district.command("list", help="Toont de districten.")
def list_districts_() -> None:
    """Print the districts of the register."""
    print_table(queries().list_register_districts())


@district.command(
    "import", help="Neemt districten over uit een tabel (CSV, .xlsx of .ods): district_id, title, unit_id."
)
@click.argument("file", type=FILE, metavar="BESTAND")
def import_districts_(file: Path) -> None:
    """Take districts over from a table."""
    count = import_districts(installation(), file, now())
    echo(f"{format_counted(count, 'district')} overgenomen uit {file}.")


@district.command("export", help="Schrijft de districten als CSV, om te wijzigen en weer over te nemen.")
@click.option("-o", "--output", required=True, type=FILE, metavar="BESTAND", help="Waar het bestand komt.")
def export_districts_(output: Path) -> None:
    """Write the districts to a file."""
    where = installation()
    hand_out(where, output, queries(where).export_districts(), "districten")
    echo(f"Geschreven: {output}")


@district.command(help="Voegt een district toe, of wijzigt het.")
@click.argument("district_id", metavar="DISTRICT")
@click.option("--title", required=True, metavar="NAAM", help="Hoe het district heet.")
@click.option("--unit", "unit_id", required=True, metavar="EENHEID", help="De politie-eenheid.")
def put(district_id: str, title: str, unit_id: str) -> None:
    """Add or change a district."""
    given = {"district_id": district_id, "title": title, "unit_id": unit_id}
    put_district(installation(), given, now())
    echo(f"{district_id}: {title}. Geef het aan huizen met: kaderscan house change --district.")


@district.command(help="Haalt een district uit het register; geen huis mag het nog hebben.")
@click.argument("district_id", metavar="DISTRICT")
def remove(district_id: str) -> None:
    """Take a district out."""
    remove_district(installation(), district_id, now())
    echo(f"District {district_id} is verwijderd.")


@house.command(help="Deelt de toelichtingen van een huis met landelijk, of stopt daarmee.")
@click.argument("house_id", metavar="HUIS")
@click.option("--yes/--no", "shares", required=True, help="Wel of niet delen.")
def share(house_id: str, *, shares: bool) -> None:
    """Let a house share its explanations with the country, or stop."""
    share_text(installation(), house_id, now(), shares=shares)
    echo(f"Landelijk mag de toelichtingen van {house_id} {'lezen' if shares else 'niet lezen'}.")


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
    print_table(list_account_rows(queries().list_accounts()))


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
    echo(f"Account {added.account_id} is toegevoegd. Geef rechten met: kaderscan account grant.")


@account.command(
    help="Geeft een recht: manager:HUIS, politie:EENHEID, eenheid:EENHEID, landelijk of beheerder."
)
@account_argument
@role_argument
def grant(account_id: str, grant: Grant) -> None:
    """Give an account a role."""
    _describe_rights(grant_role(installation(), account_id, grant, now()))


@account.command(help="Trekt een recht in; dat geldt vanaf de volgende klik.")
@account_argument
@role_argument
def revoke(account_id: str, grant: Grant) -> None:
    """Take a role away."""
    _describe_rights(revoke_role(installation(), account_id, grant, now()))


@account.command(help="Koppelt wie aanmeldt aan een account dat er al is.")
@account_argument
@click.option(
    "--subject", required=True, metavar="NUMMER", help="Het nummer dat de persoon na het aanmelden ziet."
)
def link(account_id: str, subject: str) -> None:
    """Link who signs in to an account."""
    where = installation()
    before, after = link_identity(where, account_id, make_identity(where.settings, subject), now())
    echo(describe_linked(before, after))


@account.command(help="Beëindigt een account; het verliest al zijn rechten.")
@account_argument
def end(account_id: str) -> None:
    """End an account."""
    end_account(installation(), account_id, now())
    echo(f"Account {account_id} is beëindigd.")


def _describe_rights(changed: Account) -> None:
    rights = ", ".join(map(str, changed.grants)) or "geen"
    echo(f"Rechten van {changed.account_id}: {rights}.")
