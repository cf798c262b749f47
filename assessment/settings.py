"""What may differ between installations, read once: from the environment, or from `kaderscan.toml`."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import NonNegativeInt, PositiveInt, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from assessment.errors import SettingsError, describe_reason

HOME = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "kaderscan.toml"
CALLBACK = "/oauth2callback"
"""Where the organisation that signs people in sends them back to, behind the address of the dashboard."""

_NEEDED = ("oidc_client_id", "oidc_client_secret", "oidc_redirect_uri", "oidc_cookie_secret")
_ADDRESSES = ("oidc_issuer", "oidc_redirect_uri")
_LONG_ENOUGH = 32
_PLACE = re.compile(r"line (\d+), column (\d+)")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Settings(BaseSettings):
    """The settings in force; each may be set as KADERSCAN_NAME in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="KADERSCAN_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    database_url: str = f"sqlite:///{(HOME / 'data' / 'kaderscan.sqlite').as_posix()}"
    content_folder: Path = HOME
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_redirect_uri: str = ""
    oidc_cookie_secret: SecretStr = SecretStr("")
    oidc_role_claim: str = "groups"
    oidc_roles: str = ""
    sign_in_idle_hours: PositiveInt = 8
    sign_in_longest_days: PositiveInt = 14
    keep_drafts_months: NonNegativeInt = 0
    keep_versions_months: NonNegativeInt = 0

    @field_validator("database_url")
    @classmethod
    def a_file_is_named_in_full(cls, url: str) -> str:
        """An SQLite file is meant from the folder of the user: a program started elsewhere finds it too."""
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            return url  # the store tells what is wrong with it
        file = parsed.database or ""
        if parsed.get_backend_name() != "sqlite" or file in {"", ":memory:"} or file.startswith("file:"):
            return url
        return parsed.set(database=Path(file).absolute().as_posix()).render_as_string(hide_password=False)

    @field_validator("content_folder")
    @classmethod
    def the_folder_is_named_in_full(cls, folder: Path) -> Path:
        """As the database: meant from the folder of the user."""
        return folder.absolute()

    @model_validator(mode="after")
    def signing_in_is_whole_or_not_there(self) -> Self:
        """Whoever names an issuer names everything that signing in with it needs, over a safe connection."""
        if not self.oidc_issuer:
            return self
        if lacking := [name for name in _NEEDED if not _plain(getattr(self, name))]:
            raise ValueError(f"oidc_issuer vraagt ook: {', '.join(lacking)}")
        if unsafe := [name for name in _ADDRESSES if not _is_safe(getattr(self, name))]:
            raise ValueError(f"moet met https:// beginnen: {', '.join(unsafe)}")
        if not self.oidc_redirect_uri.endswith(CALLBACK):
            raise ValueError(f"oidc_redirect_uri eindigt op {CALLBACK}")
        if len(_plain(self.oidc_cookie_secret)) < _LONG_ENOUGH:
            raise ValueError(f"oidc_cookie_secret heeft ten minste {_LONG_ENOUGH} tekens")
        return self

    @property
    def environment(self) -> dict[str, str]:
        """These settings as variables, for a program that must work with the very same."""
        return {_variable(name): _plain(getattr(self, name)) for name in type(self).model_fields}

    @property
    def first_roles(self) -> dict[str, str]:
        """The role that each value of the claim gives at the first sign-in."""
        pairs = (each.rpartition("=") for each in self.oidc_roles.split(";") if each.strip())
        return {value.strip(): role.strip() for value, _, role in pairs}

    @property
    def questionnaires(self) -> Path:
        """Where the published frameworks are."""
        return self.content_folder / "questionnaires"

    @property
    def data(self) -> Path:
        """Where the register and the demo are."""
        return self.content_folder / "data"

    @property
    def reports(self) -> Path:
        """Where the texts of questionnaires and plans are."""
        return self.content_folder / "reports"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file; nothing else is read."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


class SettingInForce(NamedTuple):
    """One setting, its value, and where that came from."""

    name: str
    value: str
    origin: str


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: the settings file cannot be read, or a setting is not known or has no sound value.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(dict.fromkeys(map(_describe_fault, error.errors())))
        known = ", ".join(Settings.model_fields)
        raise SettingsError(
            f"Instelling klopt niet of is onbekend: {names}. Bekend zijn: {known}. Zie: kaderscan settings."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE}: geen geldige TOML, {_describe_place(str(error))}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE}: geen UTF-8. Bewaar het bestand als UTF-8.") from error
    except OSError as error:
        raise SettingsError(
            f"{SETTINGS_FILE}: kan niet worden gelezen ({describe_reason(error)})."
        ) from error


def _describe_fault(fault: ErrorDetails) -> str:
    """The setting that is off, or what is off where that concerns several together."""
    return str(fault["loc"][0]) if fault["loc"] else str(fault["ctx"]["error"])


def list_settings() -> list[SettingInForce]:
    """List every setting with its value and where that came from; a password is never shown.

    Also helps where the settings are not sound: what cannot be read is left out.
    """
    given = _read_sources()
    return [
        SettingInForce(name, _show(name, given[name][0]), given[name][1])
        if name in given
        else SettingInForce(name, _show(name, field.default), "standaard")
        for name, field in Settings.model_fields.items()
    ]


def _read_sources() -> dict[str, tuple[object, str]]:
    """What is given for each setting, and where; the environment wins over the file."""
    try:
        in_file = TomlConfigSettingsSource(Settings)()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        in_file = {}
    given = {name: (value, SETTINGS_FILE) for name, value in in_file.items()}
    in_environment = EnvSettingsSource(Settings)()
    return given | {name: (value, f"omgeving ({_variable(name)})") for name, value in in_environment.items()}


def _show(name: str, value: object) -> str:
    if name.endswith("_secret"):
        return "***" if _plain(value) else ""
    if name != "database_url":
        return str(value)
    try:
        url = make_url(str(value)).difference_update_query(["password", "sslpassword"])
    except (ArgumentError, ValueError):
        return "geen geldig adres"
    return url.render_as_string(hide_password=True)


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _is_safe(address: str) -> bool:
    """Whether what goes to an address cannot be read on the way; this machine itself needs no https."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _variable(name: str) -> str:
    return f"KADERSCAN_{name.upper()}"


def _describe_place(told: str) -> str:
    """The place that a fault in TOML names."""
    place = _PLACE.search(told)
    return f"regel {place[1]}, kolom {place[2]}" if place else "aan het einde"
