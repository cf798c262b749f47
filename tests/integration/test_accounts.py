"""Accounts: who may sign in, with which rights, and what of that is in the trail."""

import json
from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from assessment.errors import AccountError, NotAllowedError, SignedOutError, SignInError, UserError
from assessment.model.access import Account, Grant, Identity, IdToken, Role, Task
from assessment.service.accounts import (
    act_as,
    add_account,
    describe_linked,
    end_account,
    grant_role,
    link_identity,
    read_role,
    revoke_role,
)
from assessment.service.installation import Installation
from assessment.service.sign_in import make_identity, recognise, sign_in, sign_out
from assessment.tables.administration import list_account_rows
from tests.conftest import NOW, SIGNING_IN, Run
from tests.reading import reading, verify_trail, write_trail

ISSUER = {"oidc_issuer": "https://inlog.example"}
WHO = Identity(issuer="https://inlog.example", subject="0001-abc")
MANAGER = Grant(role=Role.MANAGER, house_id="veenrijk")


def token(*claimed: str, identity: Identity = WHO, nonce: str = "once", issued: datetime = NOW) -> IdToken:
    """What was said of somebody who signed in just now."""
    return IdToken(identity, "Jip", nonce, issued, claimed)


@pytest.fixture
def known(demo: Installation) -> Installation:
    """The demo, with one account without rights."""
    add_account(demo, "a-1", "Jip de Vries", WHO, NOW)
    return demo


def test_who_signs_in_has_the_rights_of_that_moment(known: Installation) -> None:
    grant_role(known, "a-1", MANAGER, NOW)
    before = recognise(known, WHO)
    revoke_role(known, "a-1", MANAGER, NOW)

    veenrijk = known.register().house["veenrijk"]
    assert before.may(Task.PLAN, veenrijk)
    assert not recognise(known, WHO).may(Task.PLAN, veenrijk)
    assert recognise(known, WHO).who == "a-1"


def test_who_has_no_account_is_told_what_to_give_to_the_administrator(demo: Installation) -> None:
    with pytest.raises(SignInError, match=r"Geef dit nummer aan de beheerder: 0001-abc$"):
        recognise(demo, WHO)


def test_the_same_number_at_another_issuer_is_somebody_else(known: Installation) -> None:
    with pytest.raises(SignInError):
        recognise(known, WHO.model_copy(update={"issuer": "https://ander.example"}))


def test_an_account_that_ended_has_no_rights_and_keeps_its_id(known: Installation) -> None:
    grant_role(known, "a-1", MANAGER, NOW)

    ended = end_account(known, "a-1", NOW)

    assert (ended.grants, ended.ended) == ((), NOW.date())
    with pytest.raises(SignInError, match="beëindigd"):
        recognise(known, WHO)
    for change in (lambda: grant_role(known, "a-1", MANAGER, NOW), lambda: act_as(known, "a-1")):
        with pytest.raises(AccountError, match="beëindigd"):
            change()
    with pytest.raises(AccountError, match="bestaat al"):
        add_account(known, "a-1", "Iemand anders", None, NOW)


def test_ending_twice_changes_nothing(known: Installation) -> None:
    end_account(known, "a-1", NOW)
    before = verify_trail(known)

    end_account(known, "a-1", NOW + timedelta(days=3))

    assert verify_trail(known) == before


def test_every_change_of_rights_is_in_the_trail_without_the_name_of_the_person(known: Installation) -> None:
    grant_role(known, "a-1", MANAGER, NOW)
    revoke_role(known, "a-1", MANAGER, NOW)
    end_account(known, "a-1", NOW)

    trail = list(write_trail(known))[-4:]

    assert [line.partition('"action":"')[2].split('"')[0] for line in trail] == [
        "account-toegevoegd",
        *["account-gewijzigd"] * 3,
    ]
    assert '"grants":["manager:veenrijk"]' in trail[1]
    assert not any("Jip" in line or "0001-abc" in line for line in trail)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda where: add_account(where, "a-2", "B", WHO, NOW), "hoort al bij account 'a-1'"),
        (lambda where: add_account(where, "A 2", "B", None, NOW), "met kleine letters"),
        (lambda where: add_account(where, "a-2", " ", None, NOW), "de naam die de persoon ziet"),
        (lambda where: link_identity(where, "a-9", WHO, NOW), "'a-9' bestaat niet"),
        (lambda where: make_identity(where.settings, "0001"), "KADERSCAN_OIDC_ISSUER"),
        (lambda where: make_identity(where.settings.model_copy(update=ISSUER), " "), "Geef het nummer"),
        (lambda where: grant_role(where, "a-9", MANAGER, NOW), "'a-9' bestaat niet"),
        (lambda where: revoke_role(where, "a-1", MANAGER, NOW), "heeft het recht manager:veenrijk niet"),
        (lambda where: grant_role(where, "a-1", read_role("manager:nergens"), NOW), "Huis 'nergens'"),
        (lambda where: grant_role(where, "a-1", read_role("eenheid:nergens"), NOW), "Eenheid 'nergens'"),
        (lambda _: read_role("baas"), "'baas' is geen recht"),
        (lambda _: read_role("manager"), "'manager' is geen recht"),
        (lambda _: read_role("landelijk:veenrijk"), "is geen recht"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(known: Installation, change, told: str) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - a lambda
    before = verify_trail(known)

    with pytest.raises(AccountError, match=told):
        change(known)

    assert verify_trail(known) == before


OTHER = Identity(issuer="https://inlog.example", subject="0002-def")


def test_who_signs_in_is_linked_to_an_account_that_was_there(demo: Installation) -> None:
    add_account(demo, "a-1", "Jip de Vries", None, NOW)
    grant_role(demo, "a-1", MANAGER, NOW)

    before, after = link_identity(demo, "a-1", WHO, NOW)

    assert recognise(demo, WHO).grants == (MANAGER,)
    assert describe_linked(before, after) == "Wie met dit nummer aanmeldt, werkt voortaan als account a-1."


def test_another_number_takes_the_place_of_the_one_before(known: Installation) -> None:
    told = describe_linked(*link_identity(known, "a-1", OTHER, NOW))

    assert told.endswith("Het nummer van eerst hoort er niet meer bij.")
    assert recognise(known, OTHER).who == "a-1"
    with pytest.raises(SignInError):
        recognise(known, WHO)


def test_a_number_of_another_account_is_not_taken_away(known: Installation) -> None:
    add_account(known, "a-2", "Kim", None, NOW)
    before = verify_trail(known)

    with pytest.raises(AccountError, match="hoort al bij account 'a-1'"):
        link_identity(known, "a-2", WHO, NOW)

    assert recognise(known, WHO).who == "a-1"
    assert verify_trail(known) == before


def test_an_account_that_ended_is_not_linked_again(known: Installation) -> None:
    end_account(known, "a-1", NOW)

    with pytest.raises(AccountError, match="is beëindigd"):
        link_identity(known, "a-1", OTHER, NOW)


def test_linking_is_in_the_trail_without_the_number_and_the_same_again_is_not(known: Installation) -> None:
    link_identity(known, "a-1", OTHER, NOW)
    trail = list(write_trail(known))

    again = describe_linked(*link_identity(known, "a-1", OTHER, NOW))

    assert "Er is niets veranderd" in again
    assert list(write_trail(known)) == trail
    assert '"account-gewijzigd"' in trail[-1]
    assert "0002-def" not in trail[-1]


def test_a_first_sign_in_gets_the_roles_of_the_settings_once(demo: Installation) -> None:
    visitor = sign_in(demo, token("manager:veenrijk"), NOW)
    revoke_role(demo, visitor.who, MANAGER, NOW)

    again = sign_in(demo, token("manager:veenrijk"), NOW)

    assert visitor.grants == (MANAGER,)
    assert again.grants == ()


def test_a_first_sign_in_without_a_role_makes_no_account(demo: Installation) -> None:
    with pytest.raises(SignInError):
        sign_in(demo, token(), NOW)


def test_an_account_that_ended_does_not_come_back_by_signing_in(known: Installation) -> None:
    end_account(known, "a-1", NOW)

    with pytest.raises(SignInError, match="beëindigd"):
        sign_in(known, token("landelijk"), NOW)


@pytest.mark.parametrize("ended", [False, True])
def test_an_account_that_went_to_somebody_else_is_not_taken_back_by_signing_in(
    demo: Installation, *, ended: bool
) -> None:
    account_id = sign_in(demo, token("landelijk"), NOW).who
    other = WHO.model_copy(update={"subject": "0002-def"})
    link_identity(demo, account_id, other, NOW)
    if ended:
        end_account(demo, account_id, NOW)
    before = reading(demo).list_accounts()

    with pytest.raises(SignInError, match=f"hoort account {account_id}, maar daar kunt u niet meer mee"):
        sign_in(demo, token("beheerder"), NOW)

    assert reading(demo).list_accounts() == before


def test_who_lost_an_account_to_another_number_gets_no_new_one_by_a_claim(known: Installation) -> None:
    link_identity(known, "a-1", OTHER, NOW)
    before = reading(known).list_accounts()

    with pytest.raises(SignInError, match="hoort account a-1, maar daar kunt u niet meer mee"):
        sign_in(known, token("beheerder"), NOW)

    assert reading(known).list_accounts() == before


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_issuer_is_the_one_of_its_metadata_with_or_without_a_slash(
    known: Installation, provider: str, slash: str
) -> None:
    where = known.settings.model_copy(update={"oidc_issuer": f"{provider}{slash}"})

    linked = make_identity(where, " 0001-abc ")

    assert linked == Identity(issuer="https://inlog.example/", subject="0001-abc") == WHO
    assert sign_in(known, token(identity=linked), NOW).who == "a-1"


def test_an_organisation_that_does_not_answer_is_told(demo: Installation) -> None:
    nobody = demo.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})

    with pytest.raises(AccountError, match="is dat adres te bereiken"):
        make_identity(nobody, "0001-abc")


def test_a_login_that_was_ended_is_over_for_whoever_still_has_its_cookie(known: Installation) -> None:
    sign_in(known, token(), NOW)

    sign_out(known, token(), NOW)

    with pytest.raises(SignedOutError, match=r"^U bent afgemeld\. Meld u opnieuw aan\.$"):
        sign_in(known, token(), NOW)
    assert sign_in(known, token(nonce="twice"), NOW).who == "a-1"


def test_who_signs_out_before_any_page_was_seen_is_out(known: Installation) -> None:
    sign_out(known, token(), NOW)

    with pytest.raises(SignedOutError):
        sign_in(known, token(), NOW)


def test_a_login_lasts_while_it_is_used_and_no_longer_than_its_longest_life(known: Installation) -> None:
    moment = NOW
    while moment - NOW <= timedelta(days=14):
        assert sign_in(known, token(), moment).who == "a-1"
        moment += timedelta(hours=8)

    with pytest.raises(SignedOutError, match="langer dan 14 dagen geleden aangemeld"):
        sign_in(known, token(), moment)


@pytest.mark.parametrize("seen", [False, True])
def test_a_login_that_is_not_used_for_eight_hours_is_over(known: Installation, *, seen: bool) -> None:
    if seen:
        sign_in(known, token(), NOW)

    with pytest.raises(SignedOutError, match="langer dan 8 uur niets gedaan"):
        sign_in(known, token(), NOW + timedelta(hours=8, seconds=1))


def test_a_login_that_was_forgotten_stays_over(known: Installation) -> None:
    sign_in(known, token(), NOW)
    sign_out(known, token(), NOW)
    later = NOW + timedelta(days=15)
    sign_in(known, token(nonce="twice", issued=later), later)

    with pytest.raises(SignedOutError):
        sign_in(known, token(), later)


def test_who_signs_in_and_out_or_is_refused_is_in_the_trail_once(known: Installation) -> None:
    for _ in range(3):
        sign_in(known, token(), NOW)
        with pytest.raises(SignInError):
            sign_in(known, token(identity=OTHER, nonce="other"), NOW)
    sign_out(known, token(), NOW)
    sign_out(known, token(), NOW)

    trail = [json.loads(line) for line in write_trail(known)][-3:]
    assert [(each["action"], each["who"]) for each in trail] == [
        ("aangemeld", "a-1"),
        ("aanmelden-geweigerd", "onbekend"),
        ("afgemeld", "a-1"),
    ]


def test_a_role_in_the_settings_that_cannot_be_is_told(demo: Installation) -> None:
    with pytest.raises(AccountError, match="'baas' is geen recht"):
        sign_in(demo, token("baas"), NOW)


def test_an_account_that_ended_cannot_have_rights() -> None:
    with pytest.raises(ValidationError, match="beëindigd account heeft geen rechten"):
        Account(account_id="a", name="A", grants=(MANAGER,), added=NOW.date(), ended=NOW.date())


def test_a_command_may_work_with_the_rights_of_an_account(on_demo: Run) -> None:
    on_demo("account", "add", "a-1", "--name", "Jip")
    granted = on_demo("account", "grant", "a-1", "manager:veenrijk")

    own = on_demo("--as", "a-1", "score", "--house", "veenrijk")
    other = on_demo("--as", "a-1", "score", "--house", "terpmark")
    listed = on_demo("--as", "a-1", "account", "list")

    assert granted.stdout == "Rechten van a-1: manager:veenrijk.\n"
    assert own.returncode == 0
    assert (other.returncode, listed.returncode) == (NotAllowedError.exit_code, NotAllowedError.exit_code)
    assert other.stderr.startswith(
        "U mag dit niet: antwoorden en uitkomsten zien (hier: Veiligheidshuis Terpmark)"
    )


def test_rights_are_revoked_and_accounts_ended_by_command(on_demo: Run) -> None:
    on_demo("account", "add", "a-1", "--name", "Jip")
    on_demo("account", "grant", "a-1", "landelijk")

    assert on_demo("account", "revoke", "a-1", "landelijk").stdout == "Rechten van a-1: geen.\n"
    assert on_demo("account", "end", "a-1").stdout == "Account a-1 is beëindigd.\n"
    assert "Jip" in on_demo("account", "list").stdout
    assert on_demo("--as", "a-1", "score").returncode == AccountError.exit_code


def test_who_signs_in_is_linked_only_where_signing_in_is_set_up(on_demo: Run) -> None:
    ended = on_demo("account", "add", "a-1", "--name", "Jip", "--subject", "0001-abc")

    assert ended.returncode == AccountError.exit_code
    assert "KADERSCAN_OIDC_ISSUER" in ended.stderr


def test_a_number_is_linked_by_command(on_demo: Run, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    for name, value in SIGNING_IN.items():
        monkeypatch.setenv(f"KADERSCAN_OIDC_{name}", value)
    monkeypatch.setenv("KADERSCAN_OIDC_ISSUER", provider)
    on_demo("account", "add", "a-1", "--name", "Jip")

    linked = on_demo("account", "link", "a-1", "--subject", "0001-abc")

    assert linked.stdout == "Wie met dit nummer aanmeldt, werkt voortaan als account a-1.\n"
    assert on_demo("account", "link", "a-9", "--subject", "0002").returncode == AccountError.exit_code


def test_accounts_are_listed_with_their_rights(known: Installation) -> None:
    grant_role(known, "a-1", MANAGER, NOW)

    shown = list_account_rows(reading(known).list_accounts())

    assert list(shown.iloc[0]) == ["a-1", "Jip de Vries", "manager:veenrijk", "ja", "22 november 2026", ""]


def test_refusals_are_told_in_one_line(known: Installation) -> None:
    with pytest.raises(UserError) as refusal:
        grant_role(known, "a-9", MANAGER, NOW)

    assert "\n" not in str(refusal.value)
