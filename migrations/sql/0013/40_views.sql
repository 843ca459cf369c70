-- For staff only: ground in use, what was measured, and where the spare land lies (a remainder and its rectangle are two things
-- of one collection, told apart by `kind`).

create view staff_data.ground_uses as
select x.id, x.county_code, x.code, v.name, v.name_en, x.geom, x.tile_geom, 'shape'::text as geometry_quality,
       'surveyed'::text as position_quality, x.area_m2, null::text as town_code, x.unit_code, x.is_sample, x.data_source_id,
       x.surveyed_on as data_date, x.version, x.updated_at, x.kind, x.is_in_use, x.source
from register.ground_use x
left join register.code_value v on v.list_code = 'ground_use_kind' and v.code = x.kind;

create view staff_data.land_evidence as
select e.id, e.county_code, e.parcel_id, p.code as parcel_code, e.surveyed_on, e.survey_srid, e.setback_m, e.least_width_m,
       e.parcel_area_m2, e.footprint_m2, e.in_use_m2, e.coverage_ratio, e.coefficient_ratio, e.far_ratio, e.remainder,
       e.remainder_area_m2, e.rectangle, e.rectangle_width_m, e.rectangle_length_m, e.missing, e.made_from, e.version,
       e.updated_at as computed_at
from register.land_evidence e
join register.parcel p on p.id = e.parcel_id;

create view staff_data.spare_land as
select e.id * 2 as id, e.county_code, p.code || '.R' as code, p.name, p.name_en, e.remainder as geom, e.tile_geom,
       'shape'::text as geometry_quality, p.position_quality, e.remainder_area_m2 as area_m2, p.town_code, p.unit_code, p.is_sample,
       p.data_source_id, e.surveyed_on as data_date, e.version, e.updated_at, 'REMAINDER'::text as kind, p.code as parcel_code,
       e.rectangle_width_m as width_m, e.rectangle_length_m as length_m
from register.land_evidence e
join register.parcel p on p.id = e.parcel_id
where e.tile_geom is not null
union all
select e.id * 2 + 1, e.county_code, p.code || '.Q', p.name, p.name_en, e.rectangle, e.tile_rectangle, 'shape'::text, p.position_quality,
       round(e.rectangle_width_m * e.rectangle_length_m, 2), p.town_code, p.unit_code, p.is_sample, p.data_source_id, e.surveyed_on,
       e.version, e.updated_at, 'RECTANGLE'::text, p.code, e.rectangle_width_m, e.rectangle_length_m
from register.land_evidence e
join register.parcel p on p.id = e.parcel_id
where e.tile_rectangle is not null;
