"""How far things lie from transport: computed by `register.refresh_nearest_transport`, never written by hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, Base, InCounty


class NearestTransport(InCounty, Base):
    """Straight line from a plot's or a building's edge to the nearest built and published transport, in the survey CRS.

    Metres, to ten metres; null where the county has none of that kind. Triggers keep it: at a write of the thing's shape, and for
    a whole county at a write of a ramp, station, port or airport.
    """

    __tablename__ = "nearest_transport"
    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ramp_m: Mapped[int | None] = mapped_column(Integer)
    station_m: Mapped[int | None] = mapped_column(Integer)
    port_m: Mapped[int | None] = mapped_column(Integer)
    airport_m: Mapped[int | None] = mapped_column(Integer)
    computed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        CheckConstraint("subject_kind in ('parcel', 'building')", name="subject_kind"),
        CheckConstraint("least(ramp_m, station_m, port_m, airport_m) >= 0", name="distances"),
        *(
            Index(f"ix_nearest_transport_{kind}", "county_code", "subject_kind", f"{kind}_m")
            for kind in ("ramp", "station", "port", "airport")
        ),
    )
