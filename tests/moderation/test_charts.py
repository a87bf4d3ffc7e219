"""Charts drawn on the server: what is drawn is what is said, and nothing in them is markup of anybody's."""

from xml.etree import ElementTree

from moderation.charts import BAR, Bar, bars

SVG = "{http://www.w3.org/2000/svg}"


def parsed(chart):
    return ElementTree.fromstring(str(chart).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_a_chart_is_a_picture_with_a_name_and_every_number_is_text_in_it():
    chart = parsed(
        bars("cases", "Cases, week by week", "cases", [Bar("2 Mar", 20, "about 20"), Bar("9 Mar", 10, "about 10")])
    )
    title = chart.find(f"{SVG}title")
    assert (chart.get("role"), chart.get("aria-labelledby"), title.text) == (
        "img",
        title.get("id"),
        "Cases, week by week",
    )
    assert [each.text for each in chart.iter(f"{SVG}text")] == ["cases", "2 Mar", "about 20", "9 Mar", "about 10"]


def test_a_bar_is_as_long_as_its_number():
    chart = parsed(bars("c", "C", "c", [Bar("a", 20, "20"), Bar("b", 10, "10")]))
    assert [int(each.get("width")) for each in chart.iter(f"{SVG}rect")] == [BAR, BAR // 2]


def test_a_share_is_measured_by_a_hundred():
    chart = parsed(bars("c", "C", "c", [Bar("a", 50, "50 %")], full=100))
    assert int(chart.find(f"{SVG}rect").get("width")) == BAR // 2


def test_what_cannot_be_said_has_no_bar():
    chart = parsed(bars("c", "C", "c", [Bar("a", None, "too few to say"), Bar("b", 10, "10")]))
    assert len(list(chart.iter(f"{SVG}rect"))) == 1
    assert "too few to say" in [each.text for each in chart.iter(f"{SVG}text")]


def test_words_are_escaped_and_there_is_neither_style_nor_script():
    chart = str(bars("c", "<script>", "&", [Bar('"><b>', 5, "<i>")]))
    assert "<script>" not in chart
    assert "<b>" not in chart
    assert "<i>" not in chart
    assert "style=" not in chart
    parsed(chart)


def test_a_chart_without_a_bar_is_not_drawn():
    assert bars("c", "Nothing", "c", []) == ""
    assert bars("c", "Nothing", "c", [Bar("a", None, "too few to say"), Bar("b", 0, "none")]) == ""
