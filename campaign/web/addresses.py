"""Addresses that came in from outside."""

from urllib.parse import urlsplit


def own_path(address: str | None) -> str | None:
    """Return `address` when it is a path of this site, None otherwise: nobody is sent elsewhere by a link of ours."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or any(ord(letter) < 32 for letter in address) or "\\" in address:
        return None
    return address
