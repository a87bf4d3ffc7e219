"""Each benchmark keeps to its own section of docs/performance.md."""

from pathlib import Path

import pytest

from bench.report import table, write_section


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "performance.md"


def test_a_first_section_makes_the_page(written: Path):
    write_section("pages", "Quick.", written)
    text = written.read_text()
    assert text.startswith("# How fast Harbour is\n")
    assert text.endswith("\n<!-- pages:begin -->\nQuick.\n<!-- pages:end -->\n")


def test_a_section_written_anew_leaves_the_others_and_the_words_around_them(written: Path):
    written.write_text(
        "# Head\n\n<!-- a:begin -->\nold\n<!-- a:end -->\n\nBetween.\n\n<!-- b:begin -->\nB\n<!-- b:end -->\n"
    )
    write_section("a", r"new \1", written)
    assert written.read_text() == (
        "# Head\n\n<!-- a:begin -->\nnew \\1\n<!-- a:end -->\n\nBetween.\n\n<!-- b:begin -->\nB\n<!-- b:end -->\n"
    )


def test_a_new_section_goes_to_the_end(written: Path):
    write_section("a", "A", written)
    write_section("b", "B", written)
    assert written.read_text().endswith("A\n<!-- a:end -->\n\n<!-- b:begin -->\nB\n<!-- b:end -->\n")


@pytest.mark.parametrize(
    "text",
    ["<!-- a:begin -->\n", "<!-- a:end -->\n<!-- a:begin -->\n", "<!-- a:begin -->\n<!-- a:begin -->\n<!-- a:end -->"],
)
def test_a_page_with_broken_markers_is_refused_and_kept(written: Path, text: str):
    written.write_text(text)
    with pytest.raises(ValueError, match="a:begin"):
        write_section("a", "A", written)
    assert written.read_text() == text


def test_a_table_lines_numbers_up_to_the_right():
    assert table(["what", "ms"], [["wall", "3"]]) == "| what | ms |\n| --- | ---: |\n| wall | 3 |"
