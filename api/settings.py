"""Settings of the service (API_) and of the map it may show (MAP_), read once in create_app."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ApiSettings(BaseSettings):
    """Limits, proxies, cookies (prefix API_)."""

    model_config = SettingsConfigDict(env_prefix="API_", env_file=".env", extra="ignore", frozen=True)

    trusted_proxies: str = ""
    """Addresses, comma separated, whose X-Forwarded-For is believed (the nginx in front)."""

    secure_cookies: bool = False
    """True behind https."""

    metrics_token: SecretStr | None = None
    """Who may read /metrics from elsewhere than this machine."""

    tile_timeout_ms: int = 5_000
    item_timeout_ms: int = 10_000
    items_per_minute: int = 600
    logins_per_minute: int = 10
    upload_max_bytes: int = 200 * 1024 * 1024


class MapSettings(BaseSettings):
    """What the law asks of a map (prefix MAP_; design.md 5)."""

    model_config = SettingsConfigDict(env_prefix="MAP_", env_file=".env", extra="ignore", frozen=True)

    public: bool = False
    review_number: str = ""
    """审图号; without it every map says 内部演示 · 未经地图审核 (PUB-03)."""

    downloads: bool = False
