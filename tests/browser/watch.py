"""What a page does wrong where nobody looks: errors in its console, scripts that fail, refusals of the policy, strangers asked."""

import re
from typing import Any

STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d{3})")
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
_watches: dict[Any, "Watch"] = {}


class Watch:
    """Everything that went wrong on one page, but for the status lines declared with `expect_status`."""

    def __init__(self, page: Any, origin: str) -> None:
        self.page = page
        self.expected: set[int] = set()
        self._origin = origin
        self._heard: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._heard.append(f"script: {error}"))
        page.on("request", self._request)

    def wrong(self) -> list[str]:
        return [line for line in self._heard if not self._is_expected(line)]

    def _is_expected(self, line: str) -> bool:
        status = STATUS.search(line)
        return status is not None and int(status[1]) in self.expected

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self._heard.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Any) -> None:
        if request.url.startswith("http") and not request.url.startswith(self._origin):
            self._heard.append(f"{self.page.url} asked a stranger: {request.url}")


def watch(page: Any, origin: str) -> Watch:
    """Starts watching a page that has not gone anywhere yet."""
    page.add_init_script(TELL_VIOLATIONS)
    _watches[page] = Watch(page, origin)
    return _watches[page]


def expect_status(page: Any, *statuses: int) -> None:
    """An intended 4xx: Chromium writes a line about each into the console."""
    _watches[page].expected.update(statuses)
