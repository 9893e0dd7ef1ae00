"""What can go wrong with a Kubernetes API, in this edge's own words: every library error is mapped to one of these in one place."""


class KubernetesEdgeError(ConnectionError):
    """Trouble with the API server."""


class CredentialsError(KubernetesEdgeError):
    """There are no credentials, or they cannot be read. The message says what to do after a semicolon."""


class ApiUnavailableError(KubernetesEdgeError):
    """The server is away, busy, or breaks off. `retry_after` is the wait in seconds that it asked for, 0 if it did not."""

    def __init__(self, message: str, *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class VersionExpiredError(KubernetesEdgeError):
    """The server no longer has the changes since our resource version: list again."""


class ForbiddenError(KubernetesEdgeError):
    """We may not read this kind."""


class KindAbsentError(KubernetesEdgeError):
    """The server does not serve this kind."""


class UnauthorizedError(KubernetesEdgeError):
    """The server does not know us: the token expired or is wrong."""
