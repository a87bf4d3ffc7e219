"""A table of groups: first what would happen, then all of it or nothing. Whatever file somebody brings."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.group_import import BYTES_MAX, NotATable, plan_import, write_import
from forum.models import SupportGroup
from tests.forum.places import make_group

pytestmark = pytest.mark.django_db
HEAD = ["name", "kind", "for_whom", "where", "phone", "checked_on"]
ROW = ["Kettle and Chairs", "self_help", "all; Carers", "Leeds", "0113 496 0123", "2026-11-01"]


def table(*rows: list[str], head: list[str] = HEAD, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([head, *rows])
    return text.getvalue().encode("utf-8", "replace")


def whats(data: bytes) -> list[str]:
    return [line.what for line in plan_import(data)]


def test_nothing_is_written_until_it_is_asked_for(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "groups.csv"
    file.write_bytes(table(ROW))
    call_command("import_support_groups", file)
    assert "line 2, Kettle and Chairs: Would be new." in capsys.readouterr().out
    assert not SupportGroup.objects.exists()
    call_command("import_support_groups", file, "--write")
    group = SupportGroup.objects.get()
    assert (group.status, group.checked_on) == ("published", date(2026, 11, 1))
    assert {each.whom for each in group.for_whom.all()} == {"all", "carers"}


def test_the_same_again_changes_nothing_and_a_change_is_named() -> None:
    write_import(plan_import(table(ROW)))
    assert whats(table(ROW)) == ["same"]
    (line,) = plan_import(table([*ROW[:4], "0113 496 0999", ROW[5]]))
    assert (line.what, line.words) == ("changed", "Would change: phone.")
    assert write_import([line]) == 1
    assert SupportGroup.objects.get().phone == "0113 496 0999"


@pytest.mark.parametrize("changed", [
    {0: ""}, {0: "=HYPERLINK(1)"}, {0: "@SUM(A1)"}, {0: "x" * 6000}, {1: "cult"}, {2: ""}, {2: "dogs"}, {3: ""}, {4: ""},
    {4: "call me"}, {5: ""}, {5: "yesterday"}, {5: "2999-01-01"}, {5: "1066-10-14"},
])  # fmt: skip
def test_one_bad_line_is_named_and_nothing_is_written(changed: dict[int, str]) -> None:
    bad = [changed.get(place, cell) for place, cell in enumerate(ROW)]
    lines = plan_import(table([*ROW[:3], "York", *ROW[4:]], bad))
    assert [line.what for line in lines] == ["new", "refused"] and lines[1].words
    with pytest.raises(NotATable):
        write_import(lines)
    assert not SupportGroup.objects.exists()


def test_one_group_twice_in_a_file_is_refused() -> None:
    lines = plan_import(table(ROW, ["KETTLE and  chairs", *ROW[1:]]))
    assert [line.what for line in lines] == ["new", "refused"]
    assert "line 2" in lines[1].words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_of_all_kinds_are_read(encoding: str, delimiter: str) -> None:
    data = table(["Café Brontë", *ROW[1:]], delimiter=delimiter).decode().encode(encoding)
    (line,) = plan_import(data)
    assert (line.what, line.name) == ("new", "Café Brontë")


@pytest.mark.parametrize("data", [
    b"", b"\x00\x01\x02", b"name\n", b"\xff\xfe\x00", b"PK\x03\x04" + bytes(range(256)), table(ROW, head=["name", *HEAD[1:5], "x"]),
    table(ROW, head=[*HEAD[:4], "name", HEAD[5]]), table([*ROW, "one more"]), b'name,kind,for_whom,where,checked_on\n"a',
    b"x" * (BYTES_MAX + 1), table(*[ROW] * 1001),
])  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(NotATable) as refused:
        plan_import(data)
    assert str(refused.value).endswith(".")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_support_groups", tmp_path / "nowhere.csv")


def test_a_directory_that_changed_meanwhile_is_looked_at_again() -> None:
    group = make_group(ROW[0], where=ROW[3])
    lines = plan_import(table(ROW))
    SupportGroup.objects.filter(pk=group.pk).update(version=7)
    with pytest.raises(NotATable, match="meanwhile"):
        write_import(lines)


def test_staff_read_a_table_in_on_a_page(as_: Any, staff: Any) -> None:
    def send(data: bytes, **more: str) -> Any:
        return as_(staff).post("/support-groups/import/", {"file": SimpleUploadedFile("g.csv", data), **more})

    answer = send(table(ROW))
    assert answer.status_code == 200 and "Would be new." in answer.text and not SupportGroup.objects.exists()
    assert send(b"nothing").status_code == 422
    assert as_(staff).post("/support-groups/import/", {}).status_code == 422
    assert send(table(ROW), action="write").status_code == 303
    assert SupportGroup.objects.get().checked_by == staff


@settings(max_examples=100, deadline=timedelta(seconds=2), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.lists(st.lists(st.text(max_size=30), min_size=6, max_size=6), max_size=4))
def test_no_file_breaks_it(found: Any) -> None:
    data = found if isinstance(found, bytes) else table(*found).decode("utf-8", "replace").encode()
    try:
        lines = plan_import(data)
    except NotATable:
        return
    assert all(line.what in ("new", "changed", "same", "refused") and line.words for line in lines)


def test_a_day_of_today_counts_as_checked() -> None:
    assert whats(table([*ROW[:5], timezone.localdate().isoformat()])) == ["new"]
