"""Sparklines as pictures: a line of 14 points, or one bar a day while the history is short."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from components.theme import Mode, colour

WIDTH, HEIGHT, SLOTS = 200, 34, 14


OPEN = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMinYMid meet">'


def _picture(body: str) -> html.Img:
    return html.Img(src="data:image/svg+xml," + quote(f"{OPEN}{body}</svg>"), className="spark", alt="")


def points(series: Sequence[float]) -> list[tuple[float, float]]:
    """Where the line goes: x from 4 to 192, the largest value at y 4, the smallest at 30; flat series in the middle."""
    low, high = min(series), max(series)
    span = high - low
    step = (WIDTH - 12) / max(1, len(series) - 1)
    return [(4 + i * step, 30 - 26 * (value - low) / span if span else 17.0) for i, value in enumerate(series)]


def line(series: Sequence[float], ink: str, mode: Mode = "dark") -> html.Img:
    """A line with a dot on its last point."""
    places = points(series)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    tint = colour(ink, mode)
    return _picture(
        f'<polyline points="{path}" fill="none" stroke="{tint}" stroke-width="2.5" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{tint}"/>'
    )


def onward(series: Sequence[float], known: int, ink: str, mode: Mode = "dark") -> html.Img:
    """A line whose first `known` points have been, and whose others are expected, in the ink of what is coming."""
    places = [f"{x:.1f},{y:.1f}" for x, y in points(series)]
    lines = ((places[:known], colour("text-2", mode)), (places[max(known - 1, 0) :], colour(ink, mode)))
    drawn = '<polyline points="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-linejoin="round"/>'
    return _picture("".join(drawn.format(" ".join(some), tint) for some, tint in lines if len(some) > 1))


def day_bars(series: Sequence[float], ink: str) -> html.Img:
    """One bar a day on a baseline of empty slots; heights from zero."""
    top = max((abs(value) for value in series), default=0.0) or 1.0
    heights = [26 * abs(value) / top for value in series]
    bars = [_bar(i, 30 - tall, tall, colour(ink)) for i, tall in enumerate(heights) if tall]
    rest = [_bar(i, 28.5, 1.5, colour("neutral-2")) for i in range(len(series), SLOTS)]
    return _picture("".join(bars + rest))


def ahead(series: Sequence[float], ink: str, mode: Mode = "dark") -> html.Img:
    """One bar a week to come over the whole width; heights from zero."""
    top = max((abs(value) for value in series), default=0.0) or 1.0
    step = (WIDTH - 8) / max(1, len(series))
    bars = [
        f'<rect x="{4 + i * step:.1f}" y="{30 - max(26 * abs(value) / top, 1.5):.1f}" width="{step - 4:.1f}" '
        f'height="{max(26 * abs(value) / top, 1.5):.1f}" rx="1" fill="{colour(ink if value else "neutral-2", mode)}"/>'
        for i, value in enumerate(series)
    ]
    return _picture("".join(bars))


def share(part: float, ink: str, mode: Mode = "dark") -> html.Img:
    """A part of a whole as one bar."""
    wide = (WIDTH - 8) * max(0.0, min(1.0, part))
    return _picture(
        f'<rect x="4" y="11" width="{WIDTH - 8}" height="12" rx="2" fill="{colour("neutral-2", mode)}"/>'
        f'<rect x="4" y="11" width="{wide:.1f}" height="12" rx="2" fill="{colour(ink, mode)}"/>'
    )


def _bar(slot: int, y: float, height: float, tint: str) -> str:
    return f'<rect x="{4 + 14 * slot}" y="{y:.1f}" width="9" height="{height:.1f}" rx="1" fill="{tint}"/>'
