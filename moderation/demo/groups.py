"""The demo's directory: five entries, each marked as an example. No such groups exist; the numbers are kept for drama."""

from dataclasses import dataclass, field

from django.utils import timezone

from forum.actions.directory import set_for_whom
from forum.models import SupportGroup


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    kind: str
    for_whom: tuple[str, ...]
    where: str
    about: str
    how_to_join: str
    contact: dict[str, str] = field(default_factory=dict)


EXAMPLES = (
    Example(
        "Kettle and Chairs",
        "self_help",
        ("all",),
        "Leeds, Chapel Allerton",
        "Eight to twelve of us round a table with tea. Nobody runs it; whoever came last week opens the door. "
        "You can say nothing for as long as you like.",
        "Come along on a Tuesday at half past six. You need not ring first.",
        {"phone": "0113 496 0123", "web": "https://kettle-and-chairs.example.org/"},
    ),
    Example(
        "The Long Way Round",
        "mutual",
        ("women", "shared"),
        "Cardiff, and by video every other week",
        "Women who have lived through an abusive relationship, for each other. In English and Welsh.",
        "Write first. One of us rings you back, from a number that is not shown.",
        {"email": "hello@long-way-round.example.org"},
    ),
    Example(
        "Peer workers at Eastgate",
        "formal",
        ("young_adults", "lgbtq"),
        "Belfast, city centre",
        "Paid peer workers beside a community team: people who have used services themselves. One to one or in a small group.",
        "Through your doctor, or by asking at the desk.",
        {"phone": "028 9649 6123"},
    ),
    Example(
        "Two Cups",
        "mentoring",
        ("older_adults", "carers"),
        "Around Inverness",
        "A mentor who has cared for somebody themselves meets you once a fortnight for half a year, at a café or on a walk.",
        "Fill in the short form on the page. It usually takes three weeks to find somebody.",
        {"web": "https://two-cups.example.org/join", "email": "tea@two-cups.example.org"},
    ),
    Example(
        "Night Desk",
        "online",
        ("all", "minority_ethnic"),
        "Online, evenings",
        "A moderated room for people from Black and minority ethnic communities and whoever is up. Text alone; no video.",
        "Ask for an invitation on the page.",
        {"web": "https://night-desk.example.org/"},
    ),
)


def fill_directory() -> None:
    """Puts the examples into the directory. Each says on its page that it is one."""
    for example in EXAMPLES:
        group = SupportGroup.objects.create(
            name=example.name,
            kind=example.kind,
            where=example.where,
            about=example.about,
            how_to_join=example.how_to_join,
            status=SupportGroup.Status.PUBLISHED,
            checked_on=timezone.localdate(),
            is_example=True,
            **example.contact,
        )
        set_for_whom(group, example.for_whom)
