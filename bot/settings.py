"""Settings, from the environment or `.env`. A bad one is told with what to do."""

from datetime import date
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from content.load import Library, load
from content.sites import refused
from content.strict import ContentError

CONTENT = Path(__file__).parent.parent / "content"
FLOWS = Path(__file__).parent.parent / "flows"
TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting cannot be used. The text says what to do."""


class Settings(BaseSettings):
    """BACKWATCH_* (see the README)."""

    model_config = SettingsConfigDict(env_prefix="BACKWATCH_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = SecretStr("")
    api_url: str = TELEGRAM
    data: Path = Path("data")
    key_file: Path = Field(default_factory=lambda: Path(click.get_app_dir("backwatch")) / "master.key")
    pathway: str = ""

    @field_validator("data", "key_file", mode="before")
    @classmethod
    def _is_path(cls, path: object) -> object:
        if not str(path).strip():
            raise ValueError("is blank. Name a path, or leave it out for the default")
        return Path(str(path)).expanduser()

    @field_validator("api_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if (
            " " in url or parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
        ):  # .port refuses non-numbers
            raise ValueError("must be an address such as https://api.telegram.org, without /bot")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _key_is_apart(self) -> "Settings":
        if self.key_file.resolve().is_relative_to(self.data.resolve()):
            raise ValueError("BACKWATCH_KEY_FILE must not lie inside BACKWATCH_DATA: a thief would have both")
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether the Bot API is on this machine."""
        host = urlsplit(self.api_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def read_settings(**given: object) -> Settings:
    """The settings; `given` goes before the environment. Raises SettingsError."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_input=False, include_url=False):
            name = "".join(f"BACKWATCH_{str(part).upper()}: " for part in problem["loc"])
            lines.append(f"{name}{problem['msg'].removeprefix('Value error, ')}")
        raise SettingsError("\n".join(lines)) from None


def read_content(settings: Settings, today: date) -> Library:
    """The content with the site's pathway. Raises SettingsError, ContentError."""
    if not settings.pathway:
        raise SettingsError(
            "BACKWATCH_PATHWAY is not set. Name a pathway in content/pathways/, or a file: "
            "copy the one of your country and fill in your own numbers."
        )
    library = read_pathway(settings.pathway, today)
    if library.book.pathway.id == "demo" and not settings.on_loopback:
        raise SettingsError(
            "The demo's telephone numbers are invented, so BACKWATCH_PATHWAY=demo works on this machine only. "
            "Copy the pathway of your country in content/pathways/, fill in your own numbers, and name your file."
        )
    return library


def read_pathway(pathway: str, today: date) -> Library:
    """The content with a pathway that families may be shown. Raises ContentError with all that is wrong with it."""
    library = load(CONTENT, pathway)
    if problems := tuple(refused(library, today)):
        raise ContentError(problems)
    return library
