"""`manage.py screen`: a line for a line, whatever stands in them."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

TWO = '{"id": 1, "text": "I want to die"}\n\n{"id": "b", "text": "Toast again"}\n'


@pytest.fixture
def command(monkeypatch):
    """`command(lines)`: what it wrote, what it complained of, and whether it failed."""

    def run(lines: str | bytes, *args: str) -> tuple[list[dict], str, bool]:
        data = lines if isinstance(lines, bytes) else lines.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("screen", *args, stdout=out, stderr=err)
            failed = False
        except CommandError:
            failed = True
        return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), failed

    return run


def test_it_answers_a_line_for_a_line_in_order(command):
    (first, second), complaints, failed = command(TWO)
    assert first == {"id": 1, "severity": "soon", "score": first["score"], "category": "crisis",
                     "reasons": [{"rule": "passive", "start": 0, "end": 13}]}  # fmt: skip
    assert second == {"id": "b", "severity": None, "score": 0.0, "category": None, "reasons": []}
    assert (complaints, failed) == ("", False)


def test_it_reads_a_file_as_well(command, tmp_path):
    file = tmp_path / "words.jsonl"
    file.write_text(TWO)
    assert [answer["id"] for answer in command("", str(file))[0]] == [1, "b"]
    assert command("", str(tmp_path / "none"))[2] is True


@pytest.mark.parametrize(
    "line",
    ["nonsense", "[]", '{"id": 1}', '{"id": 1, "text": 5}', '{"id": 1, "text": null}', b'{"id": 1, "text": "\xff"}'],
)
def test_a_line_it_cannot_read_is_named_and_the_rest_is_done(command, line):
    line = line if isinstance(line, bytes) else line.encode()
    answers, complaints, failed = command(TWO.encode() + line + b"\n" + TWO.encode())
    assert [answer["id"] for answer in answers] == [1, "b", 1, "b"]
    assert complaints.startswith("Line 4: ") and failed


def test_the_score_orders_by_how_soon_somebody_should_look(command):
    texts = [
        "I'm going to kill myself tonight",
        "I'm going to kill myself",
        "I want to die",
        "Years ago I wanted to die",
        "Toast again",
    ]
    answers, _, _ = command("\n".join(json.dumps({"id": n, "text": text}) for n, text in enumerate(texts)))
    scores = [answer["score"] for answer in answers]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(scores)


@pytest.mark.django_db
def test_it_can_use_this_sites_own_phrases(command, staff):
    from moderation.actions.rules import add_words

    line = '{"id": 1, "text": "We swam past the last buoy."}'
    assert command(line)[0][0]["severity"] is None
    add_words(staff, "passive", "past the last buoy")
    assert command(line)[0][0]["severity"] is None
    assert command(line, "--own")[0][0]["severity"] == "soon"
