"""The one order of severities, which the wire's strings do not have by themselves (alphabetically, "warning" beats "critical")."""

from enum import IntEnum


class Severity(IntEnum):
    """How bad, ascending. `medium` and `warning` are one level, as are `high` and `error`."""

    DEBUG = 0
    INFO = 1
    LOW = 2
    WARNING = 3
    HIGH = 4
    CRITICAL = 5

    @property
    def wire(self) -> str:
        """The level's name on the wire."""
        return self.name.lower()


SEVERITY_BY_WIRE: dict[str, Severity] = {
    "debug": Severity.DEBUG,
    "info": Severity.INFO,
    "low": Severity.LOW,
    "medium": Severity.WARNING,
    "warning": Severity.WARNING,
    "high": Severity.HIGH,
    "error": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
