"""What all pictures share: Vega-Lite specs as plain data, one look, and hatching.

Vega-Lite has no pattern fill and no Belgian locale, so hatching is drawn as
lines and every text arrives ready to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dashboard.look import SANS, Look

Spec = dict[str, Any]
Row = Mapping[str, Any]
VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json"


def picture(look: Look, layers: list[Spec], *, height: int) -> Spec:
    """A spec as wide as its container with our fonts and no frame."""
    return {
        "$schema": VEGA_LITE,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 4, "top": 2, "bottom": 2},
        "background": "transparent",
        "layer": layers,
        "config": {
            "font": SANS,
            "view": {"stroke": None},
            "axis": {
                "labelColor": look.muted,
                "labelFontSize": 13,
                "gridColor": look.grid,
                "aria": False,
                "domain": False,
                "ticks": False,
                "title": None,
                "labelPadding": 6,
            },
            "text": {"color": look.muted, "fontSize": 13},
            "rule": {"color": look.grid},
        },
    }


def layer(mark: Spec, rows: Iterable[Row], **encoding: Spec) -> Spec:
    """One layer with its own data; for screen readers the chart's `alt` says it all."""
    return {"data": {"values": list(rows)}, "mark": mark | {"aria": False}, "encoding": encoding}


def at(field: str, domain: tuple[float, float] | None = None, **more: Any) -> Spec:
    """A position on a plain number scale; the layer that gives the domain also sets the axis.

    The other layers must not say `axis: null`: that would take it away from all.
    """
    spec: Spec = {"field": field, "type": "quantitative", "title": None} | more
    if domain is not None:
        spec["scale"] = {"domain": list(domain), "nice": False, "zero": False}
    return spec


def upto(field: str) -> Spec:
    """The other end of a bar, box or line."""
    return {"field": field}


def painted(field: str = "fill") -> Spec:
    """A colour that the row itself carries."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def tip(field: str = "tip") -> Spec:
    """The text that shows on hovering."""
    return {"field": field, "type": "nominal"}


def spanning(mark: Spec, rows: Iterable[Row], **encoding: Spec) -> Spec:
    """A layer of boxes or lines from (x, y) to (x2, y2)."""
    ends = {"x": at("x"), "y": at("y"), "x2": upto("x2"), "y2": upto("y2")}
    return layer(mark, rows, **(ends | encoding))


def texts(rows: Iterable[Row], rim: str | None = None, **mark: Any) -> list[Spec]:
    """Texts at (x, y); with a rim in the colour behind them, so that bars do not cut them."""
    rows = list(rows)
    if not rows:
        return []
    plain: Spec = {"type": "text", **mark}
    places = {"x": at("x"), "y": at("y"), "text": {"field": "text"}}
    layers = [layer(plain, rows, **places)]
    if rim:
        edge = {"stroke": rim, "strokeWidth": 4, "strokeJoin": "round"}
        layers.insert(0, layer(plain | edge, rows, **places))
    return layers


def hatched(
    left: float, right: float, bottom: float, top: float, step: float, slope: float
) -> Iterator[dict[str, float]]:
    """Slanted lines that fill a box, cut off at its edges.

    `step` is the distance between lines along x, `slope` how much y one x is.
    Equal boxes are hatched alike, and the smallest has a line.
    """
    reach = (top - bottom) / slope
    foot = left - reach + min(step, right - left + reach) / 2
    while foot < right:
        x, x2 = max(foot, left), min(foot + reach, right)
        if x < x2:
            yield {
                "x": x,
                "x2": x2,
                "y": bottom + (x - foot) * slope,
                "y2": bottom + (x2 - foot) * slope,
            }
        foot += step


def hatching(rows: Iterable[Row], look: Look, width: float = 1) -> Spec:
    """The layer that draws what `hatched` yields."""
    return spanning({"type": "rule", "color": look.hatch, "strokeWidth": width}, rows)
