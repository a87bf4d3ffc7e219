"""A bound on what one request may bring. daphne keeps a whole body on disk before it asks anybody whether it is wanted.

Imports daphne, whose server module must be the first to: only `manage.py serve` uses this file.
"""

import daphne.http_protocol
from daphne.http_protocol import WebRequest

BODY_MAX = 1024 * 1024  # bytes; Django reads at most DATA_UPLOAD_MAX_MEMORY_SIZE of them, and nothing is uploaded here

REFUSAL = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedRequest(WebRequest):
    """Refuses a body over BODY_MAX: by its stated length before any of it is read, or else where it goes over.

    A stranger could fill the disk otherwise, and with it end posting for everybody.
    """

    _received = 0
    _refused = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802  Twisted's name
        super().gotLength(min(length or 0, BODY_MAX))
        if length is not None and length > BODY_MAX:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        self._received += len(data)
        if self._refused:
            return
        if self._received > BODY_MAX:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def _refuse(self) -> None:
        self._refused = True
        self.channel.transport.write(REFUSAL)
        self.channel.loseConnection()


def bound() -> None:
    """Makes every request of daphne's a bounded one: it has no switch for this."""
    daphne.http_protocol.WebRequest = BoundedRequest
