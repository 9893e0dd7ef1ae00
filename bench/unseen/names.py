"""Names, addresses and ids that look generated, made from what they belong to: the same in every run."""

from hashlib import sha256

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""What Kubernetes makes generated names of."""


def digest(*parts: str) -> str:
    """Sixty-four hexadecimal digits that these parts give."""
    return sha256("\0".join(parts).encode()).hexdigest()


def uid(*parts: str) -> str:
    """In the form of a UUID."""
    found = digest("uid", *parts)
    return f"{found[:8]}-{found[8:12]}-4{found[13:16]}-a{found[17:20]}-{found[20:32]}"


def letters(seed: str, length: int, *parts: str) -> str:
    """A generated suffix."""
    found = bytes.fromhex(digest("letters", seed, *parts))
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in found[:length])


def address(*parts: str) -> str:
    """An address of a pod."""
    found = bytes.fromhex(digest("address", *parts))
    return f"10.244.{found[0] % 32}.{1 + found[1] % 254}"
