"""Who may do what: roles, what they are granted on, the one table of permissions, and who has an account.

A right comes from here and nowhere else; it is checked in `service`, never on a page.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from assessment.model.audit import NOBODY_SIGNED_IN
from assessment.model.register import House, Slug
from assessment.model.rules import Frozen, Name, Text
from assessment.model.scale import Perspective, Worded


class Role(Worded):
    """What somebody is for Kaderscan."""

    MANAGER = "manager", "manager"
    POLICE = "politie", "politie"
    UNIT = "eenheid", "eenheid"
    COUNTRY = "landelijk", "landelijk"
    ADMINISTRATOR = "beheerder", "beheerder"


class Scope(Worded):
    """How far a permission of a role reaches, as it goes on after the role in a sentence.

    `OWN` is the house or the unit that the role was granted on.
    """

    NONE = "none", ""
    OWN = "own", "van het huis"
    HOUSE_SIDE = "house_side", "van het huis (antwoorden van het huis)"
    POLICE_SIDE = "police_side", "van het huis (antwoorden van de politie)"
    AGREED = "agreed", "(van huizen die daarmee akkoord gaan)"
    ALL = "all", ""


class Task(Worded):
    """A kind of use case, as "u mag dit niet: …" goes on."""

    SEE_REGISTER = "see_register", "het register, de rondes en de vragenlijsten zien"
    GET_FORM = "get_form", "een vragenlijst maken om in te vullen"
    CHECK_FILE = "check_file", "een ingevulde vragenlijst laten controleren"
    SEE_SCORES = "see_scores", "antwoorden en uitkomsten zien"
    SEE_TEXT = "see_text", "toelichtingen en bestanden zien"
    SEE_CONCEPTS = "see_concepts", "concepten zien"
    SEE_GROUPS = "see_groups", "groepen huizen zien"
    SEE_PROGRESS = "see_progress", "zien hoever een huis is met inleveren"
    FILL_IN = "fill_in", "antwoorden invullen"
    HAND_IN = "hand_in", "antwoorden inleveren"
    WITHDRAW = "withdraw", "wat is ingeleverd intrekken"
    ADOPT = "adopt", "antwoorden vaststellen"
    REOPEN = "reopen", "wat is vastgesteld heropenen"
    SHARE_TEXT = "share_text", "toelichtingen van een huis landelijk delen"
    SEE_PLAN = "see_plan", "de routekaart zien"
    PLAN = "plan", "het plan wijzigen of vaststellen"
    SEE_FORMULAS = "see_formulas", "formules zien"
    CHANGE_FORMULAS = "change_formulas", "formules wijzigen"
    MANAGE_ROUNDS = "manage_rounds", "rondes openen en sluiten"
    CHANGE_REGISTER = "change_register", "het register wijzigen"
    MANAGE_ACCOUNTS = "manage_accounts", "accounts en rechten beheren"
    READ_AUDIT = "read_audit", "het logboek controleren en meenemen"
    BACK_UP = "back_up", "een reservekopie maken"
    RESTORE = "restore", "een reservekopie terugzetten"
    RETAIN = "retain", "bewaartermijnen toepassen"
    FILL_DEMO = "fill_demo", "de demo vullen"


_NO, _OWN, _HOUSE, _POLICE, _AGREED, _ALL = (
    *(Scope.NONE, Scope.OWN, Scope.HOUSE_SIDE),
    *(Scope.POLICE_SIDE, Scope.AGREED, Scope.ALL),
)

# fmt: off
_TABLE = {
    #                      manager  politie  eenheid  landelijk  beheerder
    Task.SEE_REGISTER:    (_ALL,    _ALL,    _ALL,    _ALL,      _ALL),
    Task.GET_FORM:        (_HOUSE,  _POLICE, _OWN,    _ALL,      _NO),
    Task.CHECK_FILE:      (_HOUSE,  _POLICE, _OWN,    _ALL,      _NO),
    Task.SEE_SCORES:      (_OWN,    _POLICE, _OWN,    _ALL,      _NO),
    Task.SEE_TEXT:        (_OWN,    _POLICE, _OWN,    _AGREED,   _NO),
    Task.SEE_CONCEPTS:    (_HOUSE,  _POLICE, _NO,     _NO,       _NO),
    Task.SEE_GROUPS:      (_ALL,    _ALL,    _ALL,    _ALL,      _NO),
    Task.SEE_PROGRESS:    (_OWN,    _OWN,    _OWN,    _ALL,      _ALL),
    Task.FILL_IN:         (_HOUSE,  _POLICE, _NO,     _NO,       _NO),
    Task.HAND_IN:         (_HOUSE,  _POLICE, _NO,     _NO,       _NO),
    Task.WITHDRAW:        (_HOUSE,  _POLICE, _NO,     _NO,       _NO),
    Task.ADOPT:           (_NO,     _NO,     _OWN,    _NO,       _NO),
    Task.REOPEN:          (_NO,     _NO,     _OWN,    _ALL,      _NO),
    Task.SHARE_TEXT:      (_OWN,    _NO,     _NO,     _NO,       _NO),
    Task.SEE_PLAN:        (_OWN,    _POLICE, _OWN,    _ALL,      _NO),
    Task.PLAN:            (_OWN,    _NO,     _OWN,    _ALL,      _NO),
    Task.SEE_FORMULAS:    (_OWN,    _OWN,    _OWN,    _AGREED,   _NO),
    Task.CHANGE_FORMULAS: (_OWN,    _NO,     _OWN,    _NO,       _NO),
    Task.MANAGE_ROUNDS:   (_NO,     _NO,     _NO,     _ALL,      _NO),
    Task.CHANGE_REGISTER: (_NO,     _NO,     _NO,     _NO,       _ALL),
    Task.MANAGE_ACCOUNTS: (_NO,     _NO,     _NO,     _NO,       _ALL),
    Task.READ_AUDIT:      (_NO,     _NO,     _NO,     _NO,       _ALL),
    Task.BACK_UP:         (_NO,     _NO,     _NO,     _NO,       _ALL),
    Task.RESTORE:         (_NO,     _NO,     _NO,     _NO,       _ALL),
    Task.RETAIN:          (_NO,     _NO,     _NO,     _NO,       _ALL),
    Task.FILL_DEMO:       (_NO,     _NO,     _NO,     _NO,       _ALL),
}
# fmt: on

# Of each task, how far each role reaches.
PERMISSIONS: Mapping[Task, Mapping[Role, Scope]] = {
    task: dict(zip(Role, scopes, strict=True)) for task, scopes in _TABLE.items()
}

_GRANTED_ON = {Role.MANAGER: ("house_id", "een huis"), Role.POLICE: ("unit_id", "een eenheid")}
_GRANTED_ON[Role.UNIT] = _GRANTED_ON[Role.POLICE]


class Grant(Frozen):
    """A role, with the house or the police unit that it was granted on."""

    role: Role
    house_id: Slug | None = None
    unit_id: Slug | None = None

    @model_validator(mode="after")
    def a_role_is_granted_on_what_it_is_about(self) -> Self:
        """A manager has a house, police and unit have a police unit, others have neither."""
        wanted, dutch = _GRANTED_ON.get(self.role, ("", "geen huis en geen eenheid"))
        given = [name for name in ("house_id", "unit_id") if getattr(self, name) is not None]
        if given != [wanted] * bool(wanted):
            raise ValueError(f"de rol {self.role.dutch} hoort bij {dutch}")
        return self

    def is_on(self, house: House) -> bool:
        """Whether a house is the one, or in the unit, that the role was granted on."""
        return self.house_id == house.house_id or self.unit_id == house.unit_id

    @property
    def granted_on(self) -> str:
        """The id of the house or the unit; empty where the role is on neither."""
        return self.house_id or self.unit_id or ""

    def __str__(self) -> str:
        """As a user reads and types it: manager:veenrijk."""
        return ":".join(filter(None, [self.role.value, self.granted_on]))


def read_grant(text: str) -> Grant:
    """Read a role as `Grant` writes it.

    Raises:
        ValueError: there is no such role, or it is granted on something else.
    """
    name, _, place = text.partition(":")
    role = Role(name)
    wanted = _GRANTED_ON.get(role, ("unit_id", ""))[0]
    return Grant.model_validate({"role": role, wanted: place or None})


class Visitor(Frozen):
    """For whom a use case works."""

    who: str = Field(description="What the audit trail says: an id, never the name of a person.")
    name: str = Field(description="What the person sees as the own name.")
    grants: tuple[Grant, ...] = ()
    operator: bool = Field(default=False, description="Works on the database itself, so nothing is refused.")
    acting: str = Field(default="", description="Who really works, in the name of this visitor.")

    @property
    def signature(self) -> str:
        """Who did it, as it is kept: in whose name too, where that is somebody else."""
        return f"{self.acting} namens {self.who}" if self.acting else self.who

    @property
    def rights(self) -> Self:
        """The same rights without the person: equal for all who may do the same."""
        return self.model_copy(update={"who": "", "name": "", "acting": ""})

    def may(self, task: Task, house: House | None = None, perspective: Perspective | None = None) -> bool:
        """Whether a task is allowed: on a house, or without one on everything that there is."""
        return self.operator or any(
            _reaches(PERMISSIONS[task][grant.role], grant, house, perspective) for grant in self.grants
        )

    def function_on(self, house: House) -> str:
        """As what somebody works for a house, in words and never a name; empty where that is not known."""
        own = (each.role.dutch for each in self.grants if each.is_on(house) or not each.granted_on)
        return ", ".join(dict.fromkeys(own))

    @property
    def sees_units(self) -> bool:
        """Whether there is more to see than one house at a time."""
        seeing = (PERMISSIONS[Task.SEE_PLAN][each.role] for each in self.grants if each.house_id is None)
        return self.operator or any(scope is not Scope.NONE for scope in seeing)

    def may_somewhere(self, task: Task) -> bool:
        """Whether there is anything on which a task may be allowed, so that a page need not be hidden."""
        return self.operator or any(PERMISSIONS[task][grant.role] is not Scope.NONE for grant in self.grants)

    def waits_for_houses(self, task: Task) -> bool:
        """Whether it is houses that decide, each for itself, where a task is allowed."""
        return any(PERMISSIONS[task][grant.role] is Scope.AGREED for grant in self.grants)


# Whoever runs a command on the machine of the database.
OPERATOR = Visitor(who=NOBODY_SIGNED_IN, name="lokaal", operator=True)


# What a role is called in a sentence, where that is not its own word.
_CALLED = {Role.COUNTRY: "landelijke portefeuillehouder"}


def describe_who_may(task: Task) -> str:
    """Say, as a sentence names them, which roles may do a task: each with how far it reaches."""
    told = [
        f"de {_CALLED.get(role, role.dutch)} {scope.dutch}".strip()
        for role, scope in PERMISSIONS[task].items()
        if scope is not Scope.NONE
    ]
    *others, last = told
    return f"{', '.join(others)} en {last}" if others else last


def describe_who_acts(task: Task, command: str) -> str:
    """Say who may do what is to be done now, and by which command."""
    return f"Dat mag: {describe_who_may(task)}, met: {command}"


def _reaches(scope: Scope, grant: Grant, house: House | None, perspective: Perspective | None) -> bool:
    if house is None or scope in {Scope.ALL, Scope.NONE}:
        return scope is Scope.ALL
    match scope:
        case Scope.AGREED:
            return house.shares_text
        case Scope.HOUSE_SIDE:
            return grant.is_on(house) and perspective is not Perspective.POLICE
        case Scope.POLICE_SIDE:
            return grant.is_on(house) and perspective in {Perspective.POLICE, Perspective.JOINT}
        case _:
            return grant.is_on(house)


UNKNOWN = "onbekend"
"""Who signed in, where no account belongs to that."""


class Identity(Frozen):
    """Who somebody is for the organisation that signs people in: its address, and its id of the person."""

    issuer: Text
    subject: Text

    @field_validator("issuer")
    @classmethod
    def a_slash_at_the_end_tells_nothing(cls, issuer: str) -> str:
        """One organisation is named with and without, in its metadata and in settings."""
        return issuer.rstrip("/")

    @property
    def sha256(self) -> str:
        """A checksum that tells whether two are the same, and not who it is."""
        return sha256(f"{self.issuer} {self.subject}".encode()).hexdigest()


class Account(Frozen):
    """A person who may sign in; `account_id` is what the audit trail says, so it holds no name."""

    account_id: Slug
    name: Name
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


class LoginLimits(NamedTuple):
    """How long a login lasts without a click, and how long in all."""

    idle: timedelta
    longest: timedelta


class Login(Frozen):
    """One time that somebody signed in: from then until it is ended or over, in whatever window it is used.

    `who` is the account as which it was seen last, `UNKNOWN` where there was none.
    """

    login_id: str
    who: str
    begun: datetime
    last_seen: datetime
    ended: datetime | None = None

    def find_end(self, limits: LoginLimits, now: datetime) -> str | None:
        """Return why it is over, as a sentence goes on; None while it is not."""
        if self.ended:
            return "U bent afgemeld."
        if now - self.begun > limits.longest:
            return f"U bent langer dan {limits.longest.days} dagen geleden aangemeld."
        if now - self.last_seen > limits.idle:
            return f"U hebt langer dan {limits.idle // timedelta(hours=1)} uur niets gedaan."
        return None


class IdToken(NamedTuple):
    """What the organisation said of somebody who signed in.

    `nonce` was made for this one time that somebody signs in; `claimed` are the roles that the settings give
    for what was said.
    """

    identity: Identity
    name: str
    nonce: str
    issued: datetime
    claimed: tuple[str, ...] = ()

    @property
    def login(self) -> Login:
        """The login as it begins; it is known again by its nonce, which stands nowhere but in the cookie."""
        login_id = sha256(f"{self.identity.issuer} {self.nonce}".encode()).hexdigest()
        return Login(login_id=login_id, who="", begun=self.issued, last_seen=self.issued)
