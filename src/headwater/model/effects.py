"""What the core asks for: orders, performed by the service, each safe to perform twice."""

from enum import StrEnum

import msgspec

from headwater.model.identity import body_digest
from headwater.model.results import CorrelationResult


class RejectionReason(StrEnum):
    """Why a message could not be an observation."""

    INVALID_SUBJECT = "invalid_subject"
    NOT_JSON = "not_json"
    INVALID_FIELD = "invalid_field"
    INVALID_TIME = "invalid_time"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    STRING_TOO_LONG = "string_too_long"
    TOO_LATE = "too_late"
    IN_THE_FUTURE = "in_the_future"
    INVALID_TOPOLOGY = "invalid_topology"


class PublishResult(msgspec.Struct, frozen=True):
    """Publish a revision on correlations.results and, where the alert rule says so, on correlations.alerts."""

    result: CorrelationResult
    body: bytes  # the encoded result; the same for both subjects
    is_alert: bool
    trace_parent: str = ""

    def message_id(self, kind: str) -> str:
        """The Nats-Msg-Id for `kind` (result or alert): the two share a stream and must not share an id."""
        return f"{self.result.id}.{self.result.revision}.{kind}.{body_digest(self.body)}"


class PublishRejected(msgspec.Struct, frozen=True):
    """Keep a message that could not be understood on correlations.rejected."""

    reason: RejectionReason
    detail: str  # what is wrong, where, and what to do
    subject: str
    sequence: int
    received_at: int
    data: bytes


Effect = PublishResult | PublishRejected
