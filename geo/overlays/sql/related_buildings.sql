-- The parcel of one building and the projects in it. Parameters: county, code, most (rows of each), today (civil date).
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
    from open_data.buildings as b
    inner join open_data.parcels as p
        on
            p.county_code = b.county_code
            and p.code = b.parcel_code
    where
        b.county_code = :county
        and b.code = :code
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
    from open_data.project_buildings as r
    inner join open_data.projects as j
        on
            j.county_code = r.county_code
            and j.code = r.project_code
    where
        r.county_code = :county
        and r.building_code = :code
        and cast(:today as date) <@ r.during
    order by j.code
    limit :most
)
