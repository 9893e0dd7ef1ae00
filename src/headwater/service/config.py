"""
Settings from flags, environment and file, in this order of precedence.

Every problem is found before any is reported, each with the place it came from and what to do about it.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from re import compile as compile_pattern
from typing import Any, NamedTuple

import msgspec

from headwater.service.settings import Settings, checked_type, setting_keys

CONFIG_VARIABLE = "HEADWATER_CONFIG"
DEBUG_VARIABLE = "HEADWATER_DEBUG"  # shows where a bug is; no setting, so that it works where settings are wrong
# Kubernetes gives every pod such variables for each Service of its namespace; one named "headwater" is likely.
_SERVICE_LINK = compile_pattern(r"HEADWATER(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\d+_(TCP|UDP|SCTP)(_.+)?)?)").fullmatch
SECRET_KEYS = frozenset({"nats.password", "nats.token", "alertmanager.token", "otlp.token"})
_FILE_BYTES_MAX = 1 << 20


class Problem(NamedTuple):
    """One thing wrong with the configuration."""

    origin: str  # file and key, environment variable or flag
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.what}; {self.remedy}"


class ConfigurationError(Exception):
    """The configuration cannot be used. Holds every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class _Value(NamedTuple):
    value: Any
    origin: str
    is_text: bool  # from a flag or the environment, where a number is written as text


def load_settings(
    *, flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None, config_file: Path | None = None
) -> Settings:
    """
    The settings. `flags` are by key (`nats.url`), None where not given.

    Raises ConfigurationError with every problem.
    """
    environment = environment or {}
    problems: list[Problem] = []
    values: dict[str, _Value] = {}
    path, is_required = _config_path(config_file, environment)
    if path is not None:
        values.update(_from_file(path, is_required, problems))
    values.update(_from_environment(environment, problems))
    names = {key.key: key.flag for key in setting_keys()}
    values.update({key: _Value(value, names[key], True) for key, value in (flags or {}).items() if value is not None})
    settings = _build(values, problems)
    _check_together(values, problems)
    if problems:
        raise ConfigurationError(problems)
    return settings


def default_config_file(environment: Mapping[str, str]) -> Path:
    """Where the configuration file is looked for if none is named."""
    base = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if base.startswith("/") else Path(environment.get("HOME", "/")) / ".config"
    return folder / "headwater" / "config.toml"


def _config_path(config_file: Path | None, environment: Mapping[str, str]) -> tuple[Path | None, bool]:
    if config_file is not None:
        return config_file, True
    if environment.get(CONFIG_VARIABLE):
        return Path(environment[CONFIG_VARIABLE]), True
    path = default_config_file(environment)
    return (path, False) if path.is_file() else (None, False)


def _from_file(path: Path, is_required: bool, problems: list[Problem]) -> dict[str, _Value]:
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_BYTES_MAX + 1)
        if len(content) > _FILE_BYTES_MAX:
            problems.append(Problem(str(path), "the file is larger than 1 MiB", "is it a configuration file?"))
            return {}
        tree = tomllib.loads(content.decode())
    except OSError as error:
        remedy = "name another with --config, or leave it out" if is_required else "make it readable, or remove it"
        problems.append(Problem(str(path), f"cannot be read: {error.strerror}", remedy))
        return {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(Problem(str(path), f"is not TOML: {error}", "see https://toml.io, or remove the line"))
        return {}
    return _flatten(path, tree, problems)


def _flatten(path: Path, tree: dict[str, Any], problems: list[Problem]) -> dict[str, _Value]:
    known = {key.key for key in setting_keys()}
    sections = {key.split(".")[0] for key in known}
    values: dict[str, _Value] = {}
    for section, content in tree.items():
        if section not in sections:
            problems.append(Problem(f"{path}: [{section}]", "is not a section", _nearest(section, sections)))
        elif not isinstance(content, dict):
            problems.append(Problem(f"{path}: {section}", "must be a section", f"write [{section}] and its keys below"))
        else:
            for name, value in content.items():
                key = f"{section}.{name}"
                if key in known:
                    values[key] = _Value(value, f"{path}: {key}", False)
                else:
                    problems.append(Problem(f"{path}: {key}", "is not a setting", _nearest(key, known)))
    return values


def _from_environment(environment: Mapping[str, str], problems: list[Problem]) -> dict[str, _Value]:
    by_variable = {key.environment: key.key for key in setting_keys()}
    values: dict[str, _Value] = {}
    for variable in sorted(environment):
        if not variable.startswith("HEADWATER_") or variable in (CONFIG_VARIABLE, DEBUG_VARIABLE):
            continue
        if variable in by_variable:
            # An empty variable is how a shell says "not set".
            if environment[variable]:
                values[by_variable[variable]] = _Value(environment[variable], variable, True)
        elif not _SERVICE_LINK(variable):
            problems.append(Problem(variable, "is not a variable of Headwater's", _nearest(variable, set(by_variable))))
    return values


def _build(values: Mapping[str, _Value], problems: list[Problem]) -> Settings:
    sections: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, name = key.split(".")
        try:
            checked = msgspec.convert(value.value, checked_type(key), strict=not value.is_text)
        except msgspec.ValidationError as error:
            problems.append(Problem(value.origin, _in_words(str(error), "***" if key in SECRET_KEYS else value.value), _remedy_of(key)))
        else:
            sections.setdefault(section, {})[name] = checked
    built = {name: type(getattr(Settings(), name))(**content) for name, content in sections.items()}
    return Settings(**built)


def _check_together(values: Mapping[str, _Value], problems: list[Problem]) -> None:
    def given(name: str) -> _Value | None:
        value = values.get(f"nats.{name}")
        return value if value is not None and value.value else None

    for needed, by in (("user", "password"), ("password", "user"), ("tls_cert", "tls_key"), ("tls_key", "tls_cert")):
        value = given(by)
        if value is not None and given(needed) is None:
            problems.append(Problem(value.origin, f"needs nats.{needed} too", f"set nats.{needed}, or leave nats.{by} out"))
    ways = [value for name in ("creds", "nkey", "user", "token") if (value := given(name)) is not None]
    if len(ways) > 1:
        problems.append(Problem(ways[1].origin, f"is a second way to log in beside {ways[0].origin}", "keep one of them"))
    for name in ("creds", "nkey", "tls_ca", "tls_cert", "tls_key"):
        value = given(name)
        if value is not None and isinstance(value.value, str) and not Path(value.value).expanduser().is_file():
            problems.append(Problem(value.origin, f"there is no file {value.value!r}", "give the path of a file that can be read"))
    rules = values.get("engine.rules")
    if rules is not None and isinstance(rules.value, str) and rules.value and not Path(rules.value).expanduser().is_dir():
        problems.append(
            Problem(rules.origin, f"there is no folder {rules.value!r}", "give a folder with signals, causes or patterns in it")
        )


def _in_words(error: str, value: Any) -> str:
    reason = error.replace("`str`", "text").replace("`int`", "a whole number").replace("`float`", "a number")
    return f"{str(value)[:64]!r} cannot be used: {reason[:1].lower()}{reason[1:]}"


def _remedy_of(key: str) -> str:
    setting = next(setting for setting in setting_keys() if setting.key == key)
    return f"{setting.type_name} (by default {setting.default!r}): {setting.description}"


def _nearest(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(sorted(known)[:12])}{', …' if len(known) > 12 else ''}"
