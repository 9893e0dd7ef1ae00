"""What can go wrong at NATS. A message says what happened, where, and what to do; none ever shows a password, token or key."""


class NatsEdgeError(Exception):
    """Trouble with NATS that the operator can do something about."""


class ConnectError(NatsEdgeError):
    """No server could be reached, or it turned us away."""


class NotConnectedError(NatsEdgeError):
    """The connection is away just now; it is being made again."""


class CredentialsError(ConnectError):
    """A file of credentials or certificates cannot be used, or the server refuses what it says."""


class ServerTooOldError(ConnectError):
    """The server lacks what Headwater stands on."""


class RequestError(NatsEdgeError):
    """The server did not answer a request, or answered with an error; `code` is JetStream's error code, 0 where there is none."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


class StreamError(NatsEdgeError):
    """A stream is missing, cannot be created, or is configured in a way that would lose or twist what we keep in it."""


class PositionBeyondStreamError(StreamError):
    """The stream ends before the position to read on from: it was deleted and made again, or restored from an older copy."""

    def __init__(self, stream: str, position: int, last_sequence: int) -> None:
        super().__init__(
            f"stream {stream} ends at sequence {last_sequence}, but everything up to {position} was read before: it was made again, or "
            "restored from an older copy; start once with `headwater run --start-over`, which reads the log from its beginning"
        )
        self.stream = stream
        self.position = position
        self.last_sequence = last_sequence


class PublishRefusedError(NatsEdgeError):
    """The server will never store this message as it is."""


class PublisherUnavailableError(NatsEdgeError):
    """The server has been away longer than the publisher waits; what was not stored is kept and tried again until the publisher closes."""


class CheckpointFencedError(NatsEdgeError):
    """Another instance has written a checkpoint of this domain since ours was read: this one must stop."""


class CheckpointDamagedError(NatsEdgeError):
    """A checkpoint's parts are missing, or are not what its manifest says."""


class EmbeddedServerError(NatsEdgeError):
    """The embedded server could not be started or kept."""
