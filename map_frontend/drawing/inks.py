"""Colours of a drawing: those of one theme as #rrggbb, or the page's own tokens so that the picture follows its theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from map_frontend.style.palette import TOKENS

Theme = Literal["light", "dark", "page"]


@dataclass(frozen=True, slots=True)
class Inks:
    """Resolves tokens of palette.py. `page` is for SVG inside one of our pages; paper and pictures have a theme."""

    theme: Theme = "light"

    def __call__(self, token: str) -> str:
        """A colour as a presentation attribute takes it."""
        found = TOKENS[token]
        if self.theme == "page":
            return f"var(--{token})"
        return found.dark if self.theme == "dark" else found.light


LIGHT, DARK, PAGE = Inks("light"), Inks("dark"), Inks("page")
