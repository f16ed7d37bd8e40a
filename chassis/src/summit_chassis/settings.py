"""Settings from the environment: a service refuses to start on a missing, ill-formed or placeholder value, by its name."""

import json
import os
import re
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import nkeys
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SUMMIT_"
_SECRETS = "SUMMIT_SECRETS_DIR"
_PLACEHOLDER = re.compile(
    r"change.?me|placeholder|replace.?(this|me)|your.?(secret|password|key)|^<.*>$|^x{3,}$|^todo$",
    re.IGNORECASE,
)


_NATS_ADDRESS = re.compile(r"^(nats|tls|ws|wss)://[^\s,/]+$")


class SettingsRefused(Exception):
    """The service will not start; every wrong variable is named with what is wrong about it."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{variable}: {fault}" for variable, fault in faults))


class ServiceSettings(BaseSettings):
    """What every service has to know about its surroundings. Each field is the variable `SUMMIT_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    environment: Literal["local", "production"] = "local"
    """`production` refuses what is only fit for one machine, such as plain-text connections."""
    database_url: SecretStr
    """`postgresql+asyncpg://user:password@host:port/database`, one database per service."""
    database_ca_file: Path | None = None
    """Who vouches for the certificate of the database server (PEM); the connection is encrypted, and the server's name checked."""
    database_pool: int = Field(default=10, ge=2, le=100)
    """Connections held by one process."""
    nats_url: str
    """`nats://host:port`, or several separated by commas."""
    nats_seed_file: Path | None = None
    """The file with the NKey seed of this service's NATS user; none for a server without users."""
    nats_ca_file: Path | None = None
    """Who vouches for the certificates of the NATS servers (PEM); none for the machine's own authorities."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=0, le=65535)
    trusted_proxies: str = "127.0.0.1"
    """Whose word is taken for where a request comes from (`X-Forwarded-For`): addresses and networks, separated by commas. With `*`
    the leftmost address counts, which a client chooses where a proxy appends to the header: only where nothing but a proxy can
    reach the port and that proxy overwrites the header."""
    token_keys: str
    """JSON Web Key Set with the public keys that sign access tokens (EdDSA, Ed25519)."""
    clock_offset: timedelta = timedelta(0)
    """Added to the machine's clock (ISO 8601 or seconds): to play a past summit again; refused in production."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otlp_endpoint: AnyHttpUrl | None = None
    """Where traces go (OTLP over HTTP); none keeps tracing off."""
    outbox_retention: timedelta = timedelta(hours=48)
    """How long published facts stay at hand for a broker that lost its tail; at least 24 h."""
    inbox_retention: timedelta = timedelta(days=30)
    """How long the ids of facts that were heard are known; the last version of each aggregate is known for ever."""
    idempotency_retention: timedelta = timedelta(days=7)
    """How long the answer to a creation is kept for whoever repeats it."""
    personal_retention: timedelta = timedelta(days=400)
    """How long after the last day of a summit its persons' names and addresses are known."""
    max_attempts: int = Field(default=5, ge=1, le=50)
    """How often a failing event is tried before it becomes a dead letter."""
    graceful_timeout: timedelta = timedelta(seconds=3)
    """How long running work may take to finish after SIGTERM."""

    @model_validator(mode="after")
    def _no_placeholders(self) -> "ServiceSettings":
        for name in type(self).model_fields:
            value = getattr(self, name)
            text = value.get_secret_value() if isinstance(value, SecretStr) else value
            if isinstance(text, str) and _PLACEHOLDER.search(text):
                raise ValueError(f"{name}: this is a placeholder; set the real value")
        if not all(_NATS_ADDRESS.match(address) for address in self.nats_url.split(",")):
            raise ValueError(
                "nats_url: must be nats://host:port or tls://host:port, or several of them with commas"
            )
        if fault := _fault_of_keys(self.token_keys):
            raise ValueError(f"token_keys: {fault}")
        if not self.database_url.get_secret_value().startswith("postgresql+asyncpg://"):
            raise ValueError("database_url: must begin with postgresql+asyncpg://")
        if self.clock_offset and self.environment == "production":
            raise ValueError("clock_offset: must be 0 in production, where the time is what it is")
        if self.outbox_retention < timedelta(hours=24):
            raise ValueError(
                "outbox_retention: must be at least 24 hours (P1D), it is what a broker is repaired from"
            )
        self._check_nats_files()
        self._check_database()
        return self

    def _check_database(self) -> None:
        if fault := self.database_ca_file and _fault_of_authority(self.database_ca_file):
            raise ValueError(f"database_ca_file: {fault}")
        if self.environment == "production" and self.database_ca_file is None:
            raise ValueError(
                "database_ca_file: must be set in production, where the database is reached by TLS"
            )

    def _check_nats_files(self) -> None:
        if fault := self.nats_seed_file and _fault_of_seed(self.nats_seed_file):
            raise ValueError(f"nats_seed_file: {fault}; `summit keys init` makes one")
        if fault := self.nats_ca_file and _fault_of_authority(self.nats_ca_file):
            raise ValueError(f"nats_ca_file: {fault}")
        if self.environment != "production":
            return
        if self.nats_seed_file is None:
            raise ValueError("nats_seed_file: must be set in production; `summit keys init` makes one")
        if not all(address.startswith(("tls://", "wss://")) for address in self.nats_url.split(",")):
            raise ValueError("nats_url: must be tls://host:port in production")


def _fault_of_seed(path: Path) -> str | None:
    try:
        pair = nkeys.from_seed(bytearray(path.read_bytes().strip()))
    except OSError as problem:
        return f"cannot be read ({problem.strerror})"
    except (ValueError, nkeys.NkeysError):
        return "does not hold an NKey seed"
    is_user = pair.public_key.startswith(b"U")
    pair.wipe()
    return None if is_user else "holds the seed of something else than a user"


def _fault_of_authority(path: Path) -> str | None:
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return "does not hold certificates in PEM"
    except OSError as problem:
        return f"cannot be read ({problem.strerror})"
    return None


def _fault_of_keys(text: str) -> str | None:
    try:
        keys = KeySet.import_key_set(json.loads(text)).keys
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        return 'must be a JSON Web Key Set: {"keys": [...]}'
    if any(key.is_private for key in keys):
        return "must hold public keys alone; a private one belongs to who signs"
    return None


S = TypeVar("S", bound=ServiceSettings)


def load(settings: type[S], **overrides: Any) -> S:
    """The settings, complete and plausible: from variables, or files of the same name in the folder `SUMMIT_SECRETS_DIR`.

    Raises:
        SettingsRefused: naming each wrong variable; values are not shown, they may be secrets.
    """
    folder = os.environ.get(_SECRETS)
    if folder and not Path(folder).is_dir():
        raise SettingsRefused([(_SECRETS, "is no folder")])
    try:
        return settings(_secrets_dir=folder or None, **overrides)
    except OSError as unreadable:
        raise SettingsRefused(
            [(_SECRETS, f"{unreadable.filename} cannot be read ({unreadable.strerror})")]
        ) from None
    except ValidationError as failure:
        raise SettingsRefused([_fault(error) for error in failure.errors(include_input=False)]) from None


def _fault(error: Any) -> tuple[str, str]:
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["loc"]:
        return PREFIX + str(error["loc"][0]).upper(), message
    name, _, rest = message.partition(": ")
    return PREFIX + name.upper(), rest
