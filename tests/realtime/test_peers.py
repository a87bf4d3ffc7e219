"""Where somebody comes from: the connection itself, or what a proxy of ours says, and never what a visitor says."""

import pytest
from django.test import RequestFactory

from realtime.peers import UNKNOWN, Peer, here, peer_of_request, peer_of_socket, speaking

META = {"REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": "50123"}


def at_both_doors(meta, headers):
    """The same headers on a request and on a socket: the two doors must not differ."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    by_page = peer_of_request(RequestFactory().get("/", **{"REMOTE_ADDR": "", **meta, **named}))
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    client = [meta.get("REMOTE_ADDR", ""), int(meta.get("REMOTE_PORT", 0))]
    by_socket = peer_of_socket({"headers": raw, "client": client})
    assert by_page == by_socket
    return by_page


def test_without_a_proxy_it_is_the_connection_whatever_the_visitor_says(settings):
    settings.TRUSTED_PROXIES, settings.SOURCE_PORT_HEADER = 0, "X-Source-Port"
    said = {"X-Forwarded-For": "203.0.113.9", "X-Source-Port": "1"}
    assert at_both_doors(META, said) == Peer("192.0.2.7", 50123)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "203.0.113.9", Peer("203.0.113.9", 4711)),
        (1, "10.0.0.1, 203.0.113.9", Peer("203.0.113.9", 4711)),  # what they said of themselves stands before it
        (2, "203.0.113.9, 10.0.0.1", Peer("203.0.113.9", 4711)),
        (2, "203.0.113.9", UNKNOWN),
        (1, "203.0.113.9:6000", Peer("203.0.113.9", 6000)),
        (1, "[2001:db8::9]:6000", Peer("2001:db8::9", 6000)),
        (1, "2001:db8::9", Peer("2001:db8::9", 4711)),
        (1, "::ffff:203.0.113.9", Peer("203.0.113.9", 4711)),
        (1, "nonsense", UNKNOWN),
        (1, "", UNKNOWN),
    ],
)
def test_behind_proxies_it_is_what_the_outermost_of_ours_saw(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES, settings.SOURCE_PORT_HEADER = proxies, "X-Source-Port"
    headers = {"X-Source-Port": "4711"} | ({"X-Forwarded-For": forwarded} if forwarded else {})
    assert at_both_doors(META, headers) == expected


@pytest.mark.parametrize("port", ["", "x", "99999", "-1", "٣"])
def test_a_port_that_is_none_is_left_out(settings, port):
    settings.TRUSTED_PROXIES, settings.SOURCE_PORT_HEADER = 1, "X-Source-Port"
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_SOURCE_PORT=port)
    assert peer_of_request(request) == Peer("203.0.113.9", 0)


def test_the_proxys_own_port_is_nobodys(settings):
    settings.TRUSTED_PROXIES, settings.SOURCE_PORT_HEADER = 1, ""
    assert at_both_doors(META, {"X-Forwarded-For": "203.0.113.9"}) == Peer("203.0.113.9", 0)


def test_a_command_knows_whose_it_is_while_it_runs():
    with speaking(Peer("192.0.2.7", 1)):
        assert here() == Peer("192.0.2.7", 1)
    assert here() == UNKNOWN
