"""The ring: the last numbers of a stream, for those who come back."""

from realtime.ring import KEPT, Entry, Ring, each_row_once


def entry(seq: int, kind: str = "post.published", ref: int = 1) -> Entry:
    return Entry(seq, kind, ref, 1)


def test_it_tells_what_came_after_a_cursor() -> None:
    ring = Ring(10)
    ring.add([entry(11), entry(12)])
    assert [each.seq for each in ring.after(11) or []] == [12]
    assert ring.after(12) == []


def test_it_does_not_guess_about_what_it_never_held() -> None:
    ring = Ring(10)
    ring.add([entry(11)])
    assert ring.after(9) is None
    assert ring.after(12) is None
    assert ring.after(-1) is None


def test_it_takes_nothing_twice() -> None:
    ring = Ring(10)
    assert [each.seq for each in ring.add([entry(10), entry(11)])] == [11]
    assert ring.add([entry(11)]) == []


def test_it_keeps_the_last_five_hundred() -> None:
    ring = Ring(0)
    ring.add(entry(seq) for seq in range(1, KEPT + 11))
    assert len(ring.after(10) or []) == KEPT
    assert ring.after(9) is None


def test_a_hole_in_the_log_forgets_what_was_before_it() -> None:
    ring = Ring(0)
    ring.add([entry(1), entry(5)])
    assert ring.after(1) is None
    assert [each.seq for each in ring.after(4) or []] == [5]


def test_it_is_filled_with_older_events_only_where_they_join() -> None:
    ring = Ring(10)
    ring.add([entry(11)])
    ring.fill([entry(9), entry(10)])
    assert [each.seq for each in ring.after(8) or []] == [9, 10, 11]
    ring.fill([entry(5), entry(6)])
    assert ring.after(5) is None


def test_a_row_stands_once_at_its_last_place_as_published_if_it_ever_was() -> None:
    told = each_row_once(
        [
            entry(1, "post.published", 1),
            entry(2, "post.published", 2),
            entry(3, "post.changed", 1),
            entry(4, "support.changed", 1),
            entry(5, "post.changed", 9),
        ]
    )
    assert [(each.seq, each.kind, each.ref) for each in told] == [
        (2, "post.published", 2),
        (3, "post.published", 1),
        (4, "support.changed", 1),
        (5, "post.changed", 9),
    ]
