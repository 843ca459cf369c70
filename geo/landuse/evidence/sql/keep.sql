-- Keep what was measured of plots; a plot measured with the same result keeps its row and the day it was first found.
-- Bound: one JSON array `rows` of objects named like the columns, shapes as hexadecimal WKB in `survey_srid`. Returns the plots
-- whose evidence is new or another. Relies on uq_land_evidence_parcel_id.
with measured as (
    select
        r.*,
        st_multi(st_collectionextract(st_makevalid(st_transform(st_setsrid(cast(r.remainder_wkb as geometry), r.survey_srid), 4490)), 3))
            as remainder,
        st_transform(st_setsrid(cast(r.rectangle_wkb as geometry), r.survey_srid), 4490) as rectangle
    from jsonb_to_recordset(cast(:rows as jsonb)) as r (
        parcel_id bigint, surveyed_on date, survey_srid integer, setback_m numeric, least_width_m numeric, parcel_area_m2 numeric,
        footprint_m2 numeric, in_use_m2 numeric, coverage_ratio numeric, coefficient_ratio numeric, far_ratio numeric,
        remainder_wkb text, remainder_area_m2 numeric, rectangle_wkb text, rectangle_width_m numeric, rectangle_length_m numeric,
        missing text[], made_from jsonb
    )
)

insert into register.land_evidence as e (
    county_code, parcel_id, surveyed_on, survey_srid, setback_m, least_width_m, parcel_area_m2, footprint_m2, in_use_m2,
    coverage_ratio, coefficient_ratio, far_ratio, remainder, remainder_area_m2, rectangle, rectangle_width_m,
    rectangle_length_m, tile_geom, tile_rectangle, missing, made_from
)
select
    :county,
    m.parcel_id,
    m.surveyed_on,
    m.survey_srid,
    m.setback_m,
    m.least_width_m,
    m.parcel_area_m2,
    m.footprint_m2,
    m.in_use_m2,
    m.coverage_ratio,
    m.coefficient_ratio,
    m.far_ratio,
    m.remainder,
    m.remainder_area_m2,
    m.rectangle,
    m.rectangle_width_m,
    m.rectangle_length_m,
    register.tile_shape(m.remainder),
    register.tile_shape(m.rectangle),
    m.missing,
    m.made_from
from measured as m
order by m.parcel_id
on conflict (parcel_id) do update
set
    (
        county_code, surveyed_on, survey_srid, setback_m, least_width_m, parcel_area_m2, footprint_m2, in_use_m2,
        coverage_ratio, coefficient_ratio, far_ratio, remainder, remainder_area_m2, rectangle, rectangle_width_m,
        rectangle_length_m, tile_geom, tile_rectangle, missing, made_from
    )
    = (
        excluded.county_code, excluded.surveyed_on, excluded.survey_srid, excluded.setback_m, excluded.least_width_m,
        excluded.parcel_area_m2, excluded.footprint_m2, excluded.in_use_m2, excluded.coverage_ratio,
        excluded.coefficient_ratio, excluded.far_ratio, excluded.remainder, excluded.remainder_area_m2, excluded.rectangle,
        excluded.rectangle_width_m, excluded.rectangle_length_m, excluded.tile_geom, excluded.tile_rectangle,
        excluded.missing, excluded.made_from
    )
where
    (
        e.surveyed_on, e.survey_srid, e.setback_m, e.least_width_m, e.parcel_area_m2, e.footprint_m2, e.in_use_m2,
        e.coverage_ratio, e.coefficient_ratio, e.far_ratio, e.remainder, e.remainder_area_m2, e.rectangle, e.missing
    )
    is distinct from (
        excluded.surveyed_on, excluded.survey_srid, excluded.setback_m, excluded.least_width_m, excluded.parcel_area_m2,
        excluded.footprint_m2, excluded.in_use_m2, excluded.coverage_ratio, excluded.coefficient_ratio,
        excluded.far_ratio, excluded.remainder, excluded.remainder_area_m2, excluded.rectangle, excluded.missing
    )
returning e.parcel_id
