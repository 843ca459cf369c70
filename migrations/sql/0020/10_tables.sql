-- Works of a park get a place on the map, versions and a birth certificate, as other things of the register have them. No shape: unknown.

alter table register.park_work
add column geom geometry (geometry, 4490),
add column geom_public geometry (geometry, 4490),
add column tile_geom geometry (geometry, 3857),
add column tile_geom_public geometry (geometry, 3857),
add column geometry_quality text default 'none' not null,
add column position_quality text default 'unknown' not null,
add column source_srid integer,
add column area_m2 numeric(16, 2),
add column length_m numeric(14, 2),
add column data_source_id bigint,
add column data_date date,
add column version bigint default 1 not null,
add column updated_at timestamp with time zone default clock_timestamp() not null,
add column updated_by text default '' not null,
add constraint ck_park_work_geometry_quality check (geometry_quality in ('shape', 'point', 'none')),
add constraint ck_park_work_position_quality check (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
add constraint ck_park_work_geom_valid check (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
add constraint ck_park_work_geom_form check (geom is null or st_geometrytype(geom) <> 'ST_GeometryCollection'),
add constraint fk_park_work_data_source_id foreign key (data_source_id) references register.data_source (id);
create index ix_park_work_geom on register.park_work using gist (geom);
create index ix_park_work_tile_geom on register.park_work using gist (tile_geom);
create index ix_park_work_geom_public on register.park_work using gist (geom_public);
create index ix_park_work_tile_geom_public on register.park_work using gist (tile_geom_public);
comment on column register.park_work.geometry_quality is 'what the public sees: shape, point (snapped), none';
comment on column register.park_work.position_quality is 'surveyed, digitised, approximate, demo, unknown';
comment on column register.park_work.source_srid is 'EPSG code the geometry came in';
comment on column register.park_work.area_m2 is 'measured in the county''s survey CRS, m2';
comment on column register.park_work.length_m is 'measured in the county''s survey CRS, m';
comment on column register.park_work.data_date is 'the day the content was true at its source';

create table register.park_work_version (
    id bigint,
    code text,
    park_code text,
    name text,
    name_en text,
    kind text,
    planned_start_on date,
    planned_end_on date,
    started_on date,
    finished_on date,
    is_sample boolean,
    geom geometry (geometry, 4490),
    geom_public geometry (geometry, 4490),
    geometry_quality text,
    position_quality text,
    source_srid integer,
    area_m2 numeric(16, 2),
    length_m numeric(14, 2),
    data_source_id bigint,
    data_date date,
    version bigint,
    updated_at timestamp with time zone,
    updated_by text,
    county_code text,
    version_id bigint generated always as identity,
    recorded_during tstzrange not null,
    recorded_xid xid8 not null,
    recorded_by text not null,
    constraint pk_park_work_version primary key (version_id)
);
create index ix_park_work_version_row on register.park_work_version (county_code, id, recorded_during);
