"""/v1/{collection}/{code}/surroundings: transport, policies, firms, what a thing lies in, what is on it, whom to ask."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import ReaderDep, Transaction
from geo.clock import today
from geo.overlays.queries import surroundings
from geo.overlays.surroundings import COLLECTIONS, Surroundings
from geo.registry.queries import item

router = APIRouter(prefix="/v1", tags=["surroundings"])
CollectionId = Annotated[str, Path(json_schema_extra={"enum": list(COLLECTIONS)})]


@router.get("/{collection_id}/{code}/surroundings")
async def read_surroundings(
    collection_id: CollectionId, code: str, reader: ReaderDep, connection: Transaction
) -> Surroundings:
    """What surrounds a thing, as far as the reader may see it; distances are straight lines in the county's survey CRS."""
    found = await item(connection, reader.actor, collection_id, reader.county.code, code)
    day = today(reader.county.time_zone)
    return await surroundings(connection, reader.actor, reader.county, collection_id, found, day)
