"""Options that commands share. Their help comes from the list of settings, so that flags, variables and documentation agree."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Group, Parameter

from headwater.service.config import load_settings
from headwater.service.settings import Settings, setting_keys

CONNECTION = Group("Connection", sort_key=10)
_KEYS = {key.key: key for key in setting_keys()}


def help_of(key: str) -> str:
    """The help of the flag that sets this key."""
    setting = _KEYS[key]
    return f"{setting.description} [env: {setting.environment}]"


def flag(key: str, **more: Any) -> Parameter:
    """The parameter that sets this key."""
    return Parameter(name=_KEYS[key].flag, help=help_of(key), **more)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ConnectionOptions:
    """How to reach NATS."""

    nats: Annotated[str | None, flag("nats.url", group=CONNECTION)] = None
    creds: Annotated[str | None, flag("nats.creds", group=CONNECTION)] = None
    nkey: Annotated[str | None, flag("nats.nkey", group=CONNECTION)] = None
    user: Annotated[str | None, flag("nats.user", group=CONNECTION)] = None
    password: Annotated[str | None, flag("nats.password", group=CONNECTION)] = None
    token: Annotated[str | None, flag("nats.token", group=CONNECTION)] = None
    tls_ca: Annotated[str | None, flag("nats.tls_ca", group=CONNECTION)] = None
    tls_cert: Annotated[str | None, flag("nats.tls_cert", group=CONNECTION)] = None
    tls_key: Annotated[str | None, flag("nats.tls_key", group=CONNECTION)] = None
    store: Annotated[str | None, flag("embedded.store", group=CONNECTION)] = None
    config: Annotated[
        Path | None, Parameter(name="--config", help="Configuration file (TOML). [env: HEADWATER_CONFIG]", group=CONNECTION)
    ] = None

    def flags(self) -> dict[str, Any]:
        """The settings these flags give, by key."""
        return {
            "nats.url": self.nats,
            "nats.creds": self.creds,
            "nats.nkey": self.nkey,
            "nats.user": self.user,
            "nats.password": self.password,
            "nats.token": self.token,
            "nats.tls_ca": self.tls_ca,
            "nats.tls_cert": self.tls_cert,
            "nats.tls_key": self.tls_key,
            "embedded.store": self.store,
        }


def settings_of(connection: ConnectionOptions | None, more: Mapping[str, Any] | None = None) -> Settings:
    """The settings, from these flags, the environment and the file."""
    connection = connection or ConnectionOptions()
    return load_settings(flags={**connection.flags(), **(more or {})}, environment=os.environ, config_file=connection.config)
