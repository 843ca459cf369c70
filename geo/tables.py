"""Every table of the register, loaded: what migrations and their tests compare with."""

from __future__ import annotations

import geo.access.tables
import geo.exchange.tables
import geo.history.tables
import geo.landuse.cases.machine_tables
import geo.landuse.cases.tables
import geo.landuse.evidence.tables
import geo.landuse.forecast.tables
import geo.landuse.pauses.tables
import geo.landuse.tables
import geo.overlays.tables
import geo.people.tables
import geo.pictures.tables
import geo.pipeline.tables
import geo.registry.briefs
import geo.registry.files
import geo.registry.ledger
import geo.registry.places
import geo.registry.promises
import geo.registry.tables
import geo.registry.words
import geo.tiles.tables  # noqa: F401
from geo.schema import Base

metadata = Base.metadata
