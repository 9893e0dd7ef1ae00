"""The only hashing of Headwater: blake2b, so that no process, version or PYTHONHASHSEED gives another answer."""

from hashlib import blake2b, sha256
from re import compile as compile_pattern

NO_TRACE = "none"
"""The trace token of an event that belongs to no trace."""

HASHED_TOKEN_PREFIX = "h-"  # noqa: S105  (not a secret)
_SAFE_TOKEN = compile_pattern(r"[A-Za-z0-9_-]{1,128}").fullmatch
_HASHED_TOKEN = compile_pattern(r"h-[0-9a-f]{32}").fullmatch


def digest(*parts: str, size: int = 12) -> str:
    """Hex of the hash of the parts, each kept apart from the next; `size` is in bytes."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def subject_token(text: str) -> str:
    """
    A text as one safe token of a subject: itself if it is `[A-Za-z0-9_-]{1,128}`, else `h-` and 32 hex digits of its hash.

    A text that looks like a hashed token is hashed too, so that no two texts share a token.
    """
    if _SAFE_TOKEN(text) and not _HASHED_TOKEN(text):
        return text
    return HASHED_TOKEN_PREFIX + digest(text, size=16)


def trace_token(trace_id: str | None) -> str:
    """The subject token of a trace id; an absent trace is `none`, and a trace really called "none" is hashed."""
    if not trace_id:
        return NO_TRACE
    return HASHED_TOKEN_PREFIX + digest(trace_id, size=16) if trace_id == NO_TRACE else subject_token(trace_id)


def is_safe_token(token: str) -> bool:
    """Whether a token of a subject is one that `subject_token` may have made."""
    return _SAFE_TOKEN(token) is not None


def is_hashed_token(token: str) -> bool:
    """Whether a token stands for another text."""
    return _HASHED_TOKEN(token) is not None


def observation_hash(source: str, event_id: str, body: bytes) -> int:
    """A 64-bit number for the observation (source, id, body): equal observations count once, whoever delivers them."""
    state = blake2b(f"{source}\x1f{event_id}\x1f".encode("utf-8", "surrogatepass"), digest_size=8)
    state.update(body)
    return int.from_bytes(state.digest(), "big")


def text_hash(text: str) -> int:
    """A 64-bit number for a text, for samples that keep the smallest hashes."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def body_digest(body: bytes) -> str:
    """Eight hex digits of a published body, the end of its Nats-Msg-Id."""
    return blake2b(body, digest_size=4).hexdigest()


def sha256_hex(body: bytes) -> str:
    """The SHA-256 of a rejected message, by which its sender can find it."""
    return sha256(body).hexdigest()
