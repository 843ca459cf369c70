"""The few SVG elements a drawing is made of. Every text goes through `safe`, every colour through `Inks`."""

from __future__ import annotations

from map_frontend.drawing.inks import Inks
from map_frontend.drawing.text import safe
from map_frontend.style.marks import corners_of
from map_frontend.style.palette import Mark, Shape

FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"


def n(value: float) -> str:
    """A number with at most one decimal."""
    return f"{round(value, 1):g}"


def group(body: list[str], **attributes: str) -> str:
    """A group, or nothing when it would be empty; `stroke_width` becomes stroke-width."""
    if not body:
        return ""
    return f"<g{_attributes(attributes)}>{''.join(body)}</g>"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())


def rect(x: float, y: float, width: float, height: float, **attributes: str) -> str:
    """A rectangle."""
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}"{_attributes(attributes)}/>'


def words_at(x: float, y: float, text: str, size: float, **attributes: str) -> str:
    """Text with its baseline at `y`; cleaned and escaped."""
    return f'<text x="{n(x)}" y="{n(y)}" font-size="{n(size)}"{_attributes(attributes)}>{safe(text)}</text>'


def mark_at(mark: Mark, x: float, y: float, radius: float, inks: Inks, halo: str | None = "label-halo") -> str:
    """A mark of the palette around a point, with a thin halo that parts it from the ground."""
    ink = inks(mark.token)
    edge = f' stroke="{inks(halo)}" stroke-width="1.4" stroke-linejoin="round"' if halo else ""
    corners = corners_of(mark.shape)
    if corners:
        points = " ".join(f"{n(x + cx * radius)},{n(y + cy * radius)}" for cx, cy in corners)
        return f'<polygon points="{points}" fill="{ink}"{edge}/>'
    if mark.shape is Shape.RING:
        around = f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius * 0.8)}" fill="none" stroke="{inks(halo)}" stroke-width="{n(radius * 0.45 + 2.4)}"/>' if halo else ""  # fmt: skip
        return f'{around}<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius * 0.8)}" fill="none" stroke="{ink}" stroke-width="{n(radius * 0.45)}"/>'
    size = radius * (0.7 if mark.shape is Shape.DOT else 1)
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" fill="{ink}"{edge}/>'


def document(width: float, height: float, label: str, body: str, inks: Inks) -> str:
    """The whole SVG; `role=img` with its label for a reader who does not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}" width="{n(width)}" height="{n(height)}" '
        f'role="img" aria-label="{safe(label)}" font-family="{FONT}" fill="{inks("ink")}">{body}</svg>'
    )


def mark_picture(mark: Mark, inks: Inks) -> str:
    """A mark as a picture of its own, where `currentColor` does not reach (paper)."""
    return f'<svg class="mark" xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 16 16">{mark_at(mark, 0, 0, 6, inks, halo=None)}</svg>'
