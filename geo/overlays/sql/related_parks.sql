-- What a park or featured town has to offer: its plots on offer or available, its buildings with room, projects inside it.
-- Parameters: county, code, most (rows of each). Relies on ix_parcel_park, ix_building_park, ix_project_geom(_public).
(
    select
        'parcels' as collection,
        p.code,
        p.name,
        p.name_en,
        p.land_use_code as kind,
        p.status,
        p.area_m2,
        cast(null as numeric) as vacant_area_m2
    from open_data.parcels as p
    where
        p.county_code = :county
        and p.park_code = :code
        and p.status in ('ON_OFFER', 'AVAILABLE')
    order by p.status desc, p.code
    limit :most
)
union all
(
    select
        'buildings',
        b.code,
        b.name,
        b.name_en,
        b.kind,
        b.status,
        b.floor_area_m2,
        b.vacant_area_m2
    from open_data.buildings as b
    where
        b.county_code = :county
        and b.park_code = :code
        and b.vacant_area_m2 > 0
    order by b.vacant_area_m2 desc, b.code
    limit :most
)
union all
(
    select
        'projects',
        j.code,
        j.name,
        j.name_en,
        null,
        j.stage,
        null,
        null
    from open_data.things as x
    inner join open_data.projects as j
        on
            j.county_code = x.county_code
            and st_intersects(j.geom, x.geom)
    where
        x.county_code = :county
        and x.code = :code
    order by j.code
    limit :most
)
