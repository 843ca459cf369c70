-- What a person would write after ogr2ogr or to_postgis: from public.bench_staging into the register, all its triggers on.
-- The same columns the importer fills. Parameters: county.
insert into register.parcel (
    county_code, code, name, name_en, town_code, unit_code, land_use_code, land_use_std, registered_area_m2, far_min, far_max,
    description, geom, source_srid, publication_state
)
select :county, s.code, s.name, s.name_en, s.town_code, s.unit_code, s.land_use_code, s.land_use_std, s.registered_area_m2, s.far_min,
       s.far_max, s.description, st_multi(st_collectionextract(s.geom, 3)), 4529, 'published'
from public.bench_staging as s
order by s.code
