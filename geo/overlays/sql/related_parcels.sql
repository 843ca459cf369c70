-- Buildings and projects on one parcel. Parameters: county, code, most (rows of each). Relies on ix_building_parcel.
(
    select
        'buildings' as collection,
        b.code,
        b.name,
        b.name_en,
        b.kind,
        b.status,
        b.floor_area_m2 as area_m2,
        b.vacant_area_m2
    from open_data.buildings as b
    where
        b.county_code = :county
        and b.parcel_code = :code
    order by b.code
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
    from open_data.project_parcels as r
    inner join open_data.projects as j
        on
            j.county_code = r.county_code
            and j.code = r.project_code
    where
        r.county_code = :county
        and r.parcel_code = :code
        and cast(:today as date) <@ r.during
    order by j.code
    limit :most
)
