"""How observers spell levels, outcomes and error codes on the wire; what is not here has no level, outcome or code."""

LEVELS: dict[str, str] = {
    **dict.fromkeys(("error", "err", "critical", "crit", "fatal", "panic", "alert", "emerg", "emergency", "severe", "high"), "error"),
    **dict.fromkeys(("warning", "warn", "medium"), "warning"),
    **dict.fromkeys(("info", "information", "notice", "debug", "trace", "low"), "info"),
}
LEVELS |= {name.upper(): level for name, level in LEVELS.items()}
"""How observers write levels."""

STATUS_WORDS: dict[str, str] = {
    **dict.fromkeys(("ERROR", "error", "Error", "STATUS_CODE_ERROR", "failed", "FAILED", "failure", "2"), "error"),
    **dict.fromkeys(("OK", "ok", "Ok", "STATUS_CODE_OK", "UNSET", "unset", "Unset", "STATUS_CODE_UNSET", "success", "0", "1"), "ok"),
}
"""How observers write how a span ended."""

GRPC_CODES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
    "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
"""gRPC's codes, each at its number."""


ERROR_TYPE_NAMES = ("error.type", "exception.type", "db.response.status_code")
STATUS_CODE_NAMES = ("http.response.status_code", "http.status_code")
GRPC_CODE_NAMES = ("rpc.response.status_code", "rpc.grpc.status_code", "grpc.status_code")
STATUS_NAMES = ("otel.status_code", "status")
OWN_TIME_NAMES = ("self_ms", "self_time_ms", "exclusive_ms", "own_ms", "gap_ms", "duration_ms", "latency_ms")
USUAL_TIME_NAMES = ("baseline_ms", "usual_ms", "normal_ms", "expected_ms", "p50_ms")

ALARMING_NAMES = frozenset({"alertname", "error.type", "exception.type"})
"""Attributes that healthy events do not carry."""

CHANGE_ACTIONS = frozenset({"ADDED", "MODIFIED", "DELETED"})
"""kubernetes.action of an object that changed; Events say EVENT and state transitions STATE."""
