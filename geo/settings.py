"""Settings of the county layer, read once at start: environment, then `.env`, then the default."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class GeoSettings(BaseSettings):
    """Database and limits of the register (prefix GEO_, and DATABASE_URL)."""

    model_config = SettingsConfigDict(env_prefix="GEO_", env_file=".env", extra="ignore", frozen=True)

    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    """Where the service logs in, as the role yzt_app."""

    pool_size: int = 8
    pool_overflow: int = 8
    pool_timeout_s: float = 5.0
    pool_recycle_s: int = 300
    """A connection is replaced when it is older: what its process in the database has come to hold (plans) goes with it."""

    connect_timeout_s: int = 3
    statement_timeout_ms: int = 15_000
    """Longest a request's statement may run; heavier work is a job."""

    public_decimals: int = 6
    """Decimals of public coordinates when the map is not public (pub.coord_decimals)."""
