"""What may differ between installations, read once: from the environment, or from `kaderscan.toml`."""

from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assessment.errors import SettingsError

HOME = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "kaderscan.toml"


class Settings(BaseSettings):
    """The settings in force; each may be set as KADERSCAN_NAME in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="KADERSCAN_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    database_url: str = f"sqlite:///{(HOME / 'data' / 'kaderscan.sqlite').as_posix()}"
    content_folder: Path = HOME

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
        SettingsError: a setting is not known or has no sound value.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(str(fault["loc"][0]) for fault in error.errors())
        raise SettingsError(
            f"Instelling klopt niet of is onbekend: {names}. Zie: kaderscan settings."
        ) from error


def list_settings() -> list[SettingInForce]:
    """List every setting with its value and where that came from."""
    settings = read_settings()
    from_environment = EnvSettingsSource(Settings)()
    from_file = TomlConfigSettingsSource(Settings)()
    return [
        SettingInForce(name, str(getattr(settings, name)), _origin(name, from_environment, from_file))
        for name in Settings.model_fields
    ]


def _origin(name: str, from_environment: dict[str, object], from_file: dict[str, object]) -> str:
    if name in from_environment:
        return f"omgeving (KADERSCAN_{name.upper()})"
    return SETTINGS_FILE if name in from_file else "standaard"
