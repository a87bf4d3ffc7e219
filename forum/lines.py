"""One line to ring or to write to, and how its numbers and addresses become links."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from forum.models import HelplineWay


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a line. `href` is a tel:, sms:, mailto: or https: address."""

    kind: str
    value: str
    free: bool
    hours: str

    @property
    def verb(self) -> str | Promise:
        return HelplineWay.Kind(self.kind).label

    @property
    def shown(self) -> str:
        """The value as people read it: a web address without its scheme and path."""
        return self.value.split("/")[2].removeprefix("www.") if self.kind in {"chat", "web"} else self.value

    @property
    def said_free(self) -> bool:
        """Worth saying: nobody expects to pay for a page or a mail."""
        return self.free and self.kind in {"phone", "text"}

    @property
    def href(self) -> str:
        """Raises ValueError when the value begins with no number."""
        if self.kind in {"chat", "web"}:
            return self.value
        if self.kind == "email":
            return f"mailto:{self.value}"
        if word := re.match(r"([A-Z]+) to (\d[\d ]*)", self.value):
            return f"sms:{_digits(word[2])}?body={word[1]}"
        return f"{'sms' if self.kind == 'text' else 'tel'}:{_digits(self.value)}"


@dataclass(frozen=True, slots=True)
class Line:
    """One service. `checked` is the day somebody of this site last held it against the service's own page."""

    name: str
    for_whom: str
    regions: tuple[str, ...]
    ways: tuple[Way, ...]
    languages: str
    emergency: bool
    checked: date | None


def _digits(value: str) -> str:
    """The digits a value begins with: "111, then press 2" is dialled as 111."""
    start = re.match(r"\+?[\d ]*\d", value)
    if start is None:
        raise ValueError(f"{value!r} does not begin with a number")
    return start[0].replace(" ", "")
