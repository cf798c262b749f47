"""Who visits: somebody who signed in, or, on a local trial, whoever the user chooses to be."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import streamlit as st

from assessment.errors import SignedOutError, SignInError
from assessment.model.access import OPERATOR, Grant, Identity, IdToken, Role, Visitor
from assessment.model.audit import NOBODY_SIGNED_IN
from assessment.model.register import House, Register
from assessment.model.wording import clean_name
from assessment.service.clock import now, read_moment
from assessment.service.installation import Installation
from assessment.service.sign_in import is_signed_in, sign_in, sign_out
from assessment.tables.administration import describe_right
from assessment.ui.notices import as_text, show_info
from assessment.ui.permits import withdraw_permit
from assessment.ui.session import RIGHTS, TRIED_ROLE, Key, tried_place

_EVERYTHING = "alle rechten"
_PLACES = {Role.MANAGER: "Huis", Role.POLICE: "Eenheid", Role.UNIT: "Eenheid"}


def find_visitor(installation: Installation) -> Visitor:
    """Who visits now; the rights come from the database, never from what was said when signing in.

    Raises:
        SignInError: nobody signed in, somebody without an account, or too long ago.
    """
    if not installation.settings.oidc_issuer:
        return _find_chosen(installation)
    if not st.user.is_logged_in:
        raise SignInError("U bent niet aangemeld. Meld u aan om verder te gaan.")
    return sign_in(installation, _read_token(installation), now())


def watch_visitor(installation: Installation) -> Callable[[], bool]:
    """What tells, also after the run of this page, whether its visitor may still come in.

    Raises:
        SignInError: it cannot be told which time this was.
    """
    if not installation.settings.oidc_issuer:
        return lambda: True
    token = _read_token(installation)
    return lambda: is_signed_in(installation, token, now())


def admit(installation: Installation, find_register: Callable[[], Register]) -> None:
    """Let the visitor in and say who that is; who may not come in is told what to do, and the page stops.

    Args:
        installation: into what.
        find_register: the houses and units, as whoever has a right may see them.
    """
    if not installation.settings.oidc_issuer:
        _offer_roles(installation)
    elif not st.user.is_logged_in:
        _offer_to_sign_in()
    else:
        _greet(installation, find_register)


def _offer_to_sign_in() -> None:
    st.title("Kaderscan", anchor=False)
    st.markdown("Meld u aan met het account van uw organisatie.")
    _show_sign_in()
    st.stop()


def _show_sign_in() -> None:
    st.button("Aanmelden", type="primary", width=360, on_click=st.login)


def _greet(installation: Installation, find_register: Callable[[], Register]) -> None:
    try:
        visitor = find_visitor(installation)
    except SignInError as error:
        st.title("Kaderscan", anchor=False)
        show_info(str(error))
        if isinstance(error, SignedOutError):
            _show_sign_in()
        else:
            _offer_to_sign_out(installation)
        st.stop()
    with st.container(horizontal=True, vertical_alignment="center", key="visitor"):
        rights = _describe_rights(visitor.grants, find_register) or "nog geen rechten"
        st.markdown(f"Aangemeld als **{as_text(visitor.name)}** ({as_text(rights)})")
        _offer_to_sign_out(installation)


def _offer_to_sign_out(installation: Installation) -> None:
    st.button("Afmelden", on_click=_sign_out, args=[installation], key=Key.SIGN_OUT)


def _sign_out(installation: Installation) -> None:
    with suppress(SignInError):  # of whom it cannot be told which time this was, there is nothing to end
        sign_out(installation, _read_token(installation), now())
    withdraw_permit()
    st.logout()


def _read_token(installation: Installation) -> IdToken:
    """What was said when signing in, as it stands in the cookie.

    Raises:
        SignInError: it cannot be told which time this was.
    """
    told: Mapping[str, object] = st.user.to_dict()
    issued = told.get("iat")
    if not told.get("nonce") or not isinstance(issued, int | float):
        raise SignInError(
            "Uw organisatie zegt niet wanneer u aanmeldde (nonce of iat ontbreekt). "
            "Vraag de beheerder om hulp."
        )
    return IdToken(
        identity=Identity(issuer=str(told["iss"]), subject=str(told["sub"])),
        name=_find_name(told),
        nonce=str(told["nonce"]),
        issued=read_moment(issued),
        claimed=tuple(_list_claimed(installation, told)),
    )


def _find_name(told: Mapping[str, object]) -> str:
    given = (clean_name(str(told.get(key) or "")).strip() for key in ("name", "preferred_username", "email"))
    return next(filter(None, given), "–")


def _list_claimed(installation: Installation, told: Mapping[str, object]) -> list[str]:
    """The roles that the settings give for what the claim says; they count at the first sign-in only."""
    settings = installation.settings
    said = told.get(settings.oidc_role_claim, [])
    values = {str(each) for each in said} if isinstance(said, list) else {str(said)}
    return [role for value, role in settings.first_roles.items() if value in values]


def _describe_rights(grants: Sequence[Grant], find_register: Callable[[], Register]) -> str:
    return ", ".join(describe_right(each, find_register()) for each in grants)


def _offer_roles(installation: Installation) -> None:
    """Say that this is a trial without signing in, and let the user choose whose rights to try."""
    with st.container(horizontal=True, vertical_alignment="center", key="visitor"):
        st.markdown("Zonder aanmelden · u kijkt als")
        role = st.selectbox(
            "Bekijk als",
            [_EVERYTHING, *(role.value for role in Role)],
            key=TRIED_ROLE.key,
            on_change=_take_other_rights,
            bind="query-params",
            label_visibility="collapsed",
            width=150,
        )
        if role in _PLACES:
            _offer_places(installation.register(), Role(role))


def _offer_places(register: Register, role: Role) -> None:
    offered = _list_places(register, role)
    if not offered:
        return
    st.selectbox(
        _PLACES[role],
        list(offered),
        format_func=lambda key: offered.get(key, key),
        key=tried_place(role).key,
        on_change=_take_other_rights,
        bind="query-params",
        label_visibility="collapsed",
        width=200,
    )


def try_role(role: Role, house: House | None = None) -> None:
    """Let the visitor of a trial go on as a role, of this house, as if a click above the page chose it."""
    TRIED_ROLE.fill(role.value)
    if house is not None:
        tried_place(role).fill(house.house_id if role is Role.MANAGER else house.unit_id)
    _take_other_rights()


def _take_other_rights() -> None:
    RIGHTS.put(RIGHTS.get() + 1)


def _find_chosen(installation: Installation) -> Visitor:
    asked = st.query_params.get(TRIED_ROLE.key)  # counts until the choice itself is on the page
    chosen = TRIED_ROLE.read_or(asked)
    if chosen not in list(Role):
        return OPERATOR
    role = Role(chosen)
    return Visitor(who=NOBODY_SIGNED_IN, name=role.dutch, grants=_find_grants(installation, role))


def _find_grants(installation: Installation, role: Role) -> tuple[Grant, ...]:
    """The role on the house or unit that was chosen, else on the first: so it is offered."""
    if role not in _PLACES:
        return (Grant(role=role),)
    tried = tried_place(role)
    place = tried.read() if tried.is_known else next(iter(_list_places(installation.register(), role)), None)
    if place is None:
        return ()
    return (Grant(role=role, **{"house_id" if role is Role.MANAGER else "unit_id": place}),)


def _list_places(register: Register, role: Role) -> dict[str, str]:
    """The houses or units with which a role can be tried: the title of each, by its id."""
    if role is Role.MANAGER:
        return {house.house_id: house.short_title for house in register.sort_houses(register.houses)}
    return {unit.unit_id: unit.short_title for unit in register.units}
