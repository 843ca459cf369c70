"""Settings of the service (API_) and of the map it may show (MAP_), read once in create_app."""

from __future__ import annotations

import ipaddress
from functools import cached_property

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.base_maps import base_maps_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, comma separated. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


class ApiSettings(BaseSettings):
    """Limits, proxies, cookies (prefix API_)."""

    model_config = SettingsConfigDict(env_prefix="API_", env_file=".env", extra="ignore", frozen=True)

    trusted_proxies: str = ""
    """Addresses or networks, comma separated, whose X-Forwarded-For and -Proto are believed (the nginx in front)."""

    secure_cookies: bool = False
    """True behind https: cookies are Secure and browsers are told to stay on https (HSTS)."""

    metrics_token: SecretStr | None = None
    """Who may read /metrics from elsewhere than this machine."""

    tile_timeout_ms: int = 5_000
    item_timeout_ms: int = 10_000
    item_cache_bytes: int = 128 * 1024 * 1024
    """Per process: public features that were said before, by version; 0 = none are kept."""

    tile_cache_bytes: int = 128 * 1024 * 1024
    """Per process: tiles that were made before; 0 = none are kept."""

    tile_store_bytes: int = 1024 * 1024 * 1024
    """In the database, for all processes: tiles that were made before; 0 = none are kept."""

    tile_store_from_ms: float = 3.0
    """Only tiles that took longer than this to make are kept there (to read one takes 1 to 2 ms; geo/README.md)."""

    changes_heartbeat_s: float = Field(2.0, gt=0)
    """How often the connection that tells of changes must show that it is alive."""

    events_heartbeat_s: float = Field(15.0, gt=0)
    streams_max: int = 1_000
    streams_per_address: int = 100
    """Live connections (/v1/events) of one process, in all and from one address."""

    export_timeout_ms: int = 120_000
    """For a file of everything that matches."""

    slow_statement_ms: int = 1_000
    """Statements that take longer are named in the log."""

    items_per_minute: int = 600
    logins_per_minute: int = 10
    inquiries_per_hour: int = 5
    pictures_per_minute: int = 60
    """Per address and process; which address falls under which: api/data/limits.yaml."""

    upload_max_bytes: int = 200 * 1024 * 1024
    body_max_bytes: int = 1024 * 1024
    """Largest body of a request that is not an upload."""

    token_days_max: int = 366
    """Longest life of a personal token, and its life when none is asked for."""

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        networks(text)
        return text

    @cached_property
    def trusted_networks(self) -> tuple[Network, ...]:
        """`trusted_proxies`, read."""
        return networks(self.trusted_proxies)


class MapSettings(BaseSettings):
    """What the law asks of a map (prefix MAP_; design.md 5)."""

    model_config = SettingsConfigDict(env_prefix="MAP_", env_file=".env", extra="ignore", frozen=True)

    public: bool = False
    review_number: str = ""
    """审图号; without it every map says 内部演示 · 未经地图审核 (PUB-03)."""

    downloads: bool = False
    paper_root: str = ""
    """An unpacked Debian root with Pango and Chinese fonts, for pictures and PDF where the system has none; `make run` sets it."""

    base_maps: str = ""
    """Base maps of providers beside the offline one: YAML or JSON, or the path of a file with it (api/base_maps.py)."""

    @field_validator("base_maps")
    @classmethod
    def _are_base_maps(cls, text: str) -> str:
        base_maps_of(text)
        return text
