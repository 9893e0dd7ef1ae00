"""The one place that knows the edges."""


def is_trouble_outside(error: BaseException) -> bool:
    """Whether the error is the world's and not ours: the edges' own errors."""
    return isinstance(error, ConnectionError)
