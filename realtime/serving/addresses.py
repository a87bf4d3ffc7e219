"""Where a server of ours may listen, and which addresses are taken."""

import ipaddress
import socket

from django.conf import settings
from django.core.management.base import CommandError


def refuse_wrong_address(host: str, port: int) -> None:
    """Raises CommandError for a port that is taken, and in the demo for any address but this machine's own."""
    if settings.HARBOUR_ENV == "demo" and not _is_this_machine(host):
        raise CommandError(
            f"The demo has sign-ins that everyone knows, so it is served to this machine alone, not on {host}. "
            "Leave HARBOUR_HOST empty, or set HARBOUR_ENV=production."
        )
    _refuse_taken_port(host, port)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_taken_port(host: str, port: int) -> None:
    """daphne would only log it, and go on with nothing to serve."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Nothing can listen on {host}:{port}: {error.strerror}. PORT chooses another port."
            ) from None
