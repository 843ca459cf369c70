"""Base maps of providers (MAP_BASE_MAPS): which there are, where their tiles lie, in which datum. Off unless configured.

Tiles are fetched by this service and never by the browser: tokens stay here, no page asks another host, the policy of the
pages needs no exception.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

PLACES = ("z", "x", "y")
TOKEN = "token"


class BaseMap(BaseModel):
    """One base map: one tile address, or several that lie over one another (天地图 has its names in a second one)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=40)
    urls: tuple[str, ...] = Field(min_length=1, max_length=3)
    """Addresses with {z}, {x}, {y} and, where the provider wants one, {token}."""

    attribution: str = Field(min_length=1, max_length=200)
    crs: Literal["wgs84", "gcj02"] = "wgs84"
    """The datum of the tiles. CGCS2000 (天地图) counts as wgs84: the two differ by less than a metre."""

    token_env: str | None = None
    """Name of the environment variable that holds the token."""

    max_zoom: int = Field(default=18, ge=1, le=22)
    token: SecretStr | None = Field(default=None, exclude=True)

    @field_validator("urls")
    @classmethod
    def _are_addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            parts = urlsplit(url)
            if (
                parts.scheme not in ("http", "https")
                or not parts.hostname
                or "{" in parts.netloc
                or "@" in parts.netloc
            ):
                raise ValueError("an address begins with http:// or https:// and a fixed host")
            found = re.findall(r"\{(\w*)\}", url)
            if not set(PLACES) <= set(found) or not set(found) <= {*PLACES, TOKEN}:
                raise ValueError("an address has {z}, {x} and {y}, may have {token}, and no other name in braces")
        return urls

    @model_validator(mode="after")
    def _token_is_there(self) -> BaseMap:
        wants = any("{token}" in url for url in self.urls)
        if wants != (self.token is not None):
            raise ValueError(
                f"the environment variable {self.token_env or '(token_env is missing)'} holds no token"
                if wants
                else "token_env is given, but no address has {token}"
            )
        return self

    def address(self, part: int, z: int, x: int, y: int) -> str:
        """Where a tile lies at the provider. It may hold the token: never log it, never show it."""
        token = self.token.get_secret_value() if self.token else ""
        return self.urls[part].format(z=z, x=x, y=y, token=token)

    def spec(self, lang: str) -> dict[str, Any]:
        """What a page may know of it: no address, no token."""
        name = self.name_en if lang == "en" else self.name
        return {
            "id": self.id, "name": name, "attribution": self.attribution, "crs": self.crs, "max_zoom": self.max_zoom,
            "parts": len(self.urls),
        }  # fmt: skip


def base_maps_of(text: str) -> tuple[BaseMap, ...]:
    """The base maps of the setting: YAML or JSON itself, or the path of a file with it. Raises ValueError that names the entry."""
    if not text.strip():
        return ()
    if text.lstrip()[0] not in "[-{":
        path = Path(text.strip())
        if not path.is_file():
            raise ValueError(f"there is no file {path}")
        text = path.read_text(encoding="utf-8")
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"neither YAML nor JSON: {str(error).splitlines()[0]}") from None
    if not isinstance(entries, list):
        raise ValueError("a list of base maps is wanted")
    made = tuple(_base_map(number, entry) for number, entry in enumerate(entries, start=1))
    if len({base.id for base in made}) != len(made):
        raise ValueError("two base maps have the same id")
    return made


def _base_map(number: int, entry: Any) -> BaseMap:
    if not isinstance(entry, dict) or "token" in entry:
        raise ValueError(f"entry {number}: a mapping is wanted, and a token only through token_env")
    token = os.environ.get(str(entry.get("token_env") or ""), "").strip()
    try:
        return BaseMap.model_validate(entry | ({"token": token} if token else {}))
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        raise ValueError(f"entry {number}, {'.'.join(map(str, fault['loc'])) or 'whole'}: {fault['msg']}") from None
