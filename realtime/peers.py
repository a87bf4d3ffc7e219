"""Where a request or a socket comes from: address and source port, as far as they can be told.

Behind a proxy the connection itself is the proxy's. What one of ours says is believed, as many as settings.TRUSTED_PROXIES
says there are; what a visitor says of themselves never is.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Peer:
    """`address` is "" and `port` 0 where they cannot be told."""

    address: str = ""
    port: int = 0


HOUSE = 64  # bits of an IPv6 address that one household shares
UNKNOWN = Peer()
_here: ContextVar[Peer] = ContextVar("peer", default=UNKNOWN)


def peer_of_request(request: HttpRequest) -> Peer:
    meta = request.META
    named = settings.SOURCE_PORT_HEADER.upper().replace("-", "_")
    said = meta.get("HTTP_X_FORWARDED_FOR", "")
    return _peer(
        meta.get("REMOTE_ADDR", ""),
        meta.get("REMOTE_PORT", ""),
        [said] if said else [],
        meta.get(f"HTTP_{named}", "") if named else "",
    )


def peer_of_socket(scope: Mapping[str, Any]) -> Peer:
    """As `peer_of_request`, for an ASGI scope: the same rule at the wall's other door."""
    headers = [(name.decode("latin1"), value.decode("latin1")) for name, value in scope.get("headers", ())]
    named = settings.SOURCE_PORT_HEADER.lower()
    address, port = (*(scope.get("client") or ()), "", "")[:2]
    return _peer(
        str(address),
        port,
        [value for name, value in headers if name == "x-forwarded-for"],
        next((value for name, value in headers if named and name == named), ""),
    )


def network_of(address: str) -> str:
    """What one household or building shares: the address itself, or of IPv6 its first 64 bits. "" for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Address(int(found) >> HOUSE << HOUSE))
    return str(getattr(found, "ipv4_mapped", None) or found)


@contextmanager
def speaking(peer: Peer) -> Iterator[None]:
    """While a socket's command runs, `here()` says whose it is."""
    token = _here.set(peer)
    try:
        yield
    finally:
        _here.reset(token)


def here() -> Peer:
    """Where the command that runs in this thread came from; unknown outside one."""
    return _here.get()


def _peer(address: str, port: object, forwarded: Sequence[str], named_port: str) -> Peer:
    if not settings.TRUSTED_PROXIES:
        return _clean(address, port)
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    if len(hops) < settings.TRUSTED_PROXIES:
        return UNKNOWN  # it did not come through all of them, so nobody of ours vouches for it
    host, own_port = _split(hops[-settings.TRUSTED_PROXIES])
    return _clean(host, own_port or named_port)


def _split(hop: str) -> tuple[str, str]:
    """Some proxies write the port as well: 192.0.2.1:4711, [2001:db8::1]:4711."""
    if hop.startswith("["):
        host, _bracket, rest = hop[1:].partition("]")
        return host, rest.removeprefix(":")
    if hop.count(":") == 1:
        host, _colon, port = hop.partition(":")
        return host, port
    return hop, ""


def _clean(address: str, port: object) -> Peer:
    try:
        found = ip_address(address)
    except ValueError:
        return UNKNOWN
    text = str(port or "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return Peer(str(getattr(found, "ipv4_mapped", None) or found), number if number < 65536 else 0)
