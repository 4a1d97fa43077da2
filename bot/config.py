"""Settings, from the environment or a .env file in the working directory, and the files that come with the program."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, FilePath, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.problem import Problem


def shipped(name: str) -> Path:
    """A folder that comes with the program: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).parent
    inside = package / "_share" / name
    return inside if inside.exists() else package.parent / name


class Settings(BaseSettings):
    """Every setting is an environment variable YICHENG_NAME; the sentence under each says what it is."""

    model_config = SettingsConfigDict(env_prefix="YICHENG_", env_file=".env", env_ignore_empty=True, extra="ignore")

    database: Path = Path("yicheng.sqlite3")
    """The SQLite file; made when it is not there."""
    programme: FilePath = shipped("data") / "csml2025" / "programme.yaml"
    """The programme loaded into an empty database."""
    glossary: FilePath = shipped("data") / "glossary.yaml"
    """Terms that mean the same, so that a question in one language finds talks in the other."""
    clock: str = ""
    """Conference time: empty for real time; an ISO time with an optional @SPEED (2025-08-09T13:20@60); or a sandbox's
    address, whose clock is followed (http://127.0.0.1:8081)."""

    telegram_token: SecretStr = SecretStr("")
    """The bot's token from @BotFather; needed by `yicheng run`."""
    telegram_api_url: str = "https://api.telegram.org"
    """The Bot API server; another one may stand nearer, such as http://127.0.0.1:8081."""
    telegram_proxy: SecretStr = SecretStr("")
    """The http:// or https:// proxy through which the Bot API is reached; may hold user and password. No SOCKS."""
    owners: Annotated[tuple[int, ...], NoDecode] = ()
    """Numeric Telegram ids of the owners, separated by commas."""
    rate_overall: int = Field(default=30, ge=0)
    """Messages a second over all chats; 0 for no limit (another Bot API server may allow more)."""
    rate_private: int = Field(default=1, ge=0)
    """Messages a second in one private chat in the long run; 0 for no limit."""
    rate_group: int = Field(default=20, ge=0)
    """Messages a minute in one group; 0 for no limit."""
    second_confirmation: bool = False
    """Whether a second member of staff must confirm broadcasts to everybody."""
    mirror_chat: str = Field(default="", pattern=r"^(-?\d+|@\w+)?$")
    """The group or channel that also gets broadcasts to everybody: its @name or its number. The bot must be in it."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged."""

    migrations: ClassVar[Path] = shipped("migrations")

    @field_validator("owners", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.replace("，", ",").split(",") if part.strip())


_SENTENCES = {
    "int_parsing": "settings.not-a-number",
    "literal_error": "settings.not-one-of",
    "path_not_file": "settings.no-such-file",
}
"""What pydantic calls a fault, and the sentence for it."""


def settings() -> Settings:
    """Raises Problem `settings.wrong`, naming the first wrong setting."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"YICHENG_{first['loc'][0]}".upper()
        key = _SENTENCES.get(first["type"], "settings.wrong")
        expected = first.get("ctx", {}).get("expected", "").replace(" or ", ", ").replace("'", "")
        raise Problem(key, name=name, value=str(first["input"]), reason=expected or first["msg"]) from None
