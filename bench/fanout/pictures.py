"""The curves of docs/performance.md, as SVG: letters are drawn as paths, so they look the same everywhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.fanout.measures import Crowd, Turns
from bench.report import PICTURES

COLOURS = (
    "#0b5c7a",
    "#4c9bb5",
    "#6b6b6b",
    "#b5651d",
    "#8a2d5c",
    "#c98ab0",
)  # told apart in grey as well, by their dashes
DASHES: Sequence[Any] = ("solid", "dashed", "dotted", "dashdot", (0, (1, 3)), (0, (6, 2, 1, 2, 1, 2)))


def draw(turns: Turns, many: Crowd, names: dict[str, str]) -> None:
    """Writes docs/pictures/fanout-turns.svg and fanout-crowd.svg."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    figure, axes = _canvas("milliseconds since the telling began", "sockets that have read it, %")
    for name, colour, dash in zip(turns.heard, COLOURS, DASHES, strict=True):
        middle = sorted(turns.heard[name], key=lambda telling: telling.whole)[len(turns.heard[name]) // 2]
        began = middle.first_write if name.startswith("harbour") else middle.accepted
        _curve(axes, [read - began for read in middle.reads], label=names[name], color=colour, linestyle=dash)
    axes.set_xscale("log")
    axes.legend(frameon=False, fontsize=8, loc="upper left")
    _save(figure, PICTURES / "fanout-turns.svg")
    figure, axes = _canvas("milliseconds since the post was accepted", "reads, %")
    _curve(axes, many.waits, color=COLOURS[0])
    axes.set_xlim(left=0)
    _save(figure, PICTURES / "fanout-crowd.svg")


def _canvas(across: str, up: str) -> tuple[Any, Any]:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "harbour"  # the same numbers give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.2), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    return figure, axes


def _curve(axes: Any, seconds: Sequence[float], **style: Any) -> None:
    ordered = sorted(seconds)
    points = range(0, 101, 2)
    at = [max(0.01, 1000 * ordered[min(len(ordered) - 1, len(ordered) * point // 100)]) for point in points]
    axes.plot(at, points, linewidth=1.8, **style)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    from matplotlib import pyplot

    pyplot.close(figure)
