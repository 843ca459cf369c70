"""Words, dated parameters, calendars, parities, birth certificates of data, and names to search by."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import SCHEMA, Base


class CodeList(Base):
    """A list of codes with a name and where it comes from."""

    __tablename__ = "code_list"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    source: Mapped[str | None]


class CodeValue(Base):
    """One code of a list in both languages."""

    __tablename__ = "code_value"
    list_code: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.code_list.code"))
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    parent_code: Mapped[str | None]
    sort_no: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    note: Mapped[str | None]
    source: Mapped[str | None]
    __table_args__ = (PrimaryKeyConstraint("list_code", "code"),)


class Parameter(Base):
    """A threshold, rate, weight or limit with the day it came into force (GEN-07, Appendix A).

    A ledger: a corrected value is a further row of the same day, recorded later.
    """

    __tablename__ = "parameter"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    key: Mapped[str]
    county_code: Mapped[str | None] = mapped_column(
        Text, ForeignKey(f"{SCHEMA}.county.code"), comment="null = everywhere"
    )
    effective_on: Mapped[date]
    value_num: Mapped[Decimal] = mapped_column(Numeric, comment="numerator of an exact value (GEN-06)")
    value_den: Mapped[Decimal] = mapped_column(Numeric, server_default=text("1"))
    unit: Mapped[str]
    citation: Mapped[str]
    confidence: Mapped[str]
    reviewed_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("register.recording_instant()"))
    __table_args__ = (
        CheckConstraint("value_den > 0", name="denominator_positive"),
        CheckConstraint("confidence in ('law', 'likely', 'verify', 'default', 'example')", name="confidence"),
        Index("uq_parameter_key", "key", text("coalesce(county_code, '')"), "effective_on", "recorded_at", unique=True),
    )


class WorkCalendar(Base):
    """A day that is not what its weekday says: public holiday, or working weekend (GEN-03). A ledger, like parameters."""

    __tablename__ = "work_calendar"
    calendar: Mapped[str]
    day: Mapped[date]
    is_working: Mapped[bool]
    source: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("register.recording_instant()"))
    __table_args__ = (PrimaryKeyConstraint("calendar", "day", "recorded_at"),)


class ExchangeRate(Base):
    """A central parity: yuan for one unit of a currency on a day (IDX-11)."""

    __tablename__ = "exchange_rate"
    currency: Mapped[str]
    day: Mapped[date]
    cny_per_unit: Mapped[Decimal] = mapped_column(Numeric(18, 8))
    source: Mapped[str]
    __table_args__ = (
        PrimaryKeyConstraint("currency", "day"),
        CheckConstraint("cny_per_unit > 0", name="positive"),
    )


class DataSource(Base):
    """Birth certificate of data: where it came from, whose it is, what may be done with it."""

    __tablename__ = "data_source"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    county_code: Mapped[str | None] = mapped_column(Text, ForeignKey(f"{SCHEMA}.county.code"))
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    publisher: Mapped[str | None]
    licence: Mapped[str | None]
    attribution: Mapped[str | None]
    url: Mapped[str | None]
    retrieved_on: Mapped[date | None]
    data_date: Mapped[date | None]
    known_faults: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (Index("uq_data_source_code", text("coalesce(county_code, '')"), "code", unique=True),)


class NameAlias(Base):
    """Names a thing is searched by, written by `geo.registry.search.commands` when `name_due` says so.

    `kind`: code, name, name_en, short (a name without its ending), alias. `folded`: letters and digits only, one case, one
    width. `pinyin`: words in Latin letters, a space between; `latin` the same without spaces; `initials` their first letters.
    """

    __tablename__ = "name_alias"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    county_code: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.county.code"))
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    alias: Mapped[str]
    pinyin: Mapped[str | None]
    initials: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default="alias")
    folded: Mapped[str] = mapped_column(Text(collation="C"), server_default="")
    latin: Mapped[str] = mapped_column(Text(collation="C"), server_default="")
    is_published: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        UniqueConstraint("county_code", "subject_kind", "subject_id", "alias"),
        Index("ix_name_alias_folded", "county_code", "subject_kind", "is_published", "folded", "subject_id"),
        Index("ix_name_alias_latin", "county_code", "subject_kind", "is_published", "latin", "subject_id"),
        Index("ix_name_alias_initials", "county_code", "subject_kind", "is_published", "initials", "subject_id"),
        *(
            Index(
                name,
                "latin",
                postgresql_using="gin",
                postgresql_ops={"latin": "gin_trgm_ops"},
                postgresql_where=text(where),
            )
            for name, where in (
                ("ix_name_alias_latin_parts", "is_published"),
                ("ix_name_alias_latin_parts_internal", "not is_published"),
                ("ix_name_alias_latin_near", "is_published and latin !~ '[0-9]'"),
                ("ix_name_alias_latin_near_internal", "not is_published and latin !~ '[0-9]'"),
            )
        ),
    )


class NameDue(Base):
    """A thing whose names are to be written anew: it came, changed its name, code or publication, or went."""

    __tablename__ = "name_due"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    county_code: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
