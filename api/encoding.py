"""Which forms of an answer a client takes."""

from __future__ import annotations


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip (RFC 9110 12.5.3)."""
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
