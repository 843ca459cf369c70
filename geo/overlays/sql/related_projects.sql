-- Land and buildings one project takes. Parameters: county, code, most (rows of each), today (civil date).
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
    from open_data.project_parcels as r
    inner join open_data.parcels as p
        on
            p.county_code = r.county_code
            and p.code = r.parcel_code
    where
        r.county_code = :county
        and r.project_code = :code
        and cast(:today as date) <@ r.during
    order by p.code
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
    from open_data.project_buildings as r
    inner join open_data.buildings as b
        on
            b.county_code = r.county_code
            and b.code = r.building_code
    where
        r.county_code = :county
        and r.project_code = :code
        and cast(:today as date) <@ r.during
    order by b.code
    limit :most
)
