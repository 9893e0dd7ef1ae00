"""What can be wrong with what we are told. An error says what, where and what to do; its reason is counted and published."""

from headwater.model.effects import RejectionReason


class InvalidEventError(ValueError):
    """
    These bytes are not an observation, and will not be one when tried again.

    `reason` is what is counted, `detail` what a person reads.
    """

    def __init__(self, reason: RejectionReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
