"""One request to another machine: only to public addresses, no redirect followed, ten seconds in all.

An address that somebody typed could lead back into the operator's own network (server-side request forgery). So the name is
resolved once, every address it leads to must be public, and the connection goes to that very address: a name that
answers differently a moment later gains nothing.
"""

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

CONNECT = 5.0  # seconds
OLD_V6 = ipaddress.ip_network("::/96")  # IPv4 inside IPv6 as RFC 4291 had it once; holds :: and ::1 as well
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
WHOLE = 10.0  # seconds, from the connection to the answer's first line


class NotAllowed(Exception):
    """We do not send there. The message names no address."""


def send(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> int:
    """Send one request and return the HTTP status of the answer, whose words are not read.

    Raises NotAllowed, OSError (nobody answers, or not in time) and http.client.HTTPException.
    """
    parts = checked(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _public_address(str(parts.hostname), port)
    connection = _Connection(parts, port, address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        with _cut_off(connection.sock):
            connection.request(method, path, body=body, headers=dict(headers))
            return connection.getresponse().status
    finally:
        connection.close()


def checked(url: str) -> SplitResult:
    """The parts of an address we may send to. Raises NotAllowed with the reason, for whoever typed it."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise NotAllowed("not an address") from None
    if not host or not url.isascii() or parts.username is not None or parts.password is not None:
        raise NotAllowed("not an address")
    if parts.scheme == "https" or (parts.scheme == "http" and settings.SENDS_TO_ITSELF and _is_here(host)):
        return parts
    raise NotAllowed("not https")


class _Connection(http.client.HTTPConnection):
    """To the address that was checked, under the name that was given."""

    def __init__(self, parts: SplitResult, port: int, address: str) -> None:
        super().__init__(str(parts.hostname), port, timeout=WHOLE)
        self._address, self._secure = address, parts.scheme == "https"

    def connect(self) -> None:
        sock = socket.create_connection((self._address, self.port), CONNECT)
        sock.settimeout(CONNECT)
        self.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host) if self._secure else sock
        self.sock.settimeout(WHOLE)


@contextmanager
def _cut_off(sock: socket.socket) -> Iterator[None]:
    """Ends the exchange after WHOLE seconds: a receiver that says one letter a second would never run into a timeout."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    timer = threading.Timer(WHOLE, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _public_address(host: str, port: int) -> str:
    found = _resolved(host, port)
    if not found or not all(_may_be_sent_to(address) for address in found):
        raise NotAllowed("not a public address")
    return found[0]


def _resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, within CONNECT seconds: the system's resolver knows no timeout of ours."""
    answers: queue.Queue[Any] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=CONNECT)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    if isinstance(answer, UnicodeError):
        raise NotAllowed("not an address")
    return [str(info[4][0]) for info in answer]


def _may_be_sent_to(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ips = [ip, *_carried_in(ip)]
    public = all(each.is_global and not each.is_multicast for each in ips[1:] or ips) and not _is_of_old(ip)
    return public or (settings.SENDS_TO_ITSELF and ip.is_loopback)


def _is_of_old(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Ranges that were given up, and that Python calls global: a network that still has them is somebody's own."""
    return isinstance(ip, ipaddress.IPv6Address) and (ip.is_site_local or ip in OLD_V6)


def _carried_in(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 address that an IPv6 one stands for, on its way through a translator: it is that one which is reached."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    if ip in NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    return [carried] if carried else []


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
