-- Buildings that stand in or touch plots, or name one without having an outline: one row for each pair. Not those only planned.
-- `outline` is in the survey CRS, null where only a point or nothing is known. Bound: county, ids (bigint[]).
-- Relies on ix_building_geom, ix_building_parcel, uq_building_space_county_code_building_code_floor_part_no.
select
    n.parcel_id,
    b.code,
    b.version,
    case when st_dimension(b.geom) = 2 then st_asbinary(st_transform(b.geom, c.survey_srid)) end as outline,
    b.storeys,
    b.height_m::float8 as height_m,
    b.clear_height_m::float8 as clear_height_m,
    b.floor_area_m2::float8 as floor_area_m2,
    (
        select jsonb_object_agg(f.floor, f.area_m2)
        from (
            select
                s.floor,
                coalesce(sum(s.area_m2) filter (where s.part_no = 0), sum(s.area_m2)) as area_m2
            from register.building_space as s
            where s.county_code = b.county_code and s.building_code = b.code
            group by s.floor
        ) as f
    ) as floors_m2
from (
    select p.id as parcel_id, x.id as building_id
    from register.parcel as p
    inner join register.building as x on p.county_code = x.county_code and p.geom && x.geom and st_intersects(p.geom, x.geom)
    where p.county_code = :county and p.id = any(cast(:ids as bigint[]))
    union
    select p.id, x.id
    from register.parcel as p
    inner join register.building as x on p.county_code = x.county_code and p.code = x.parcel_code
    where
        p.county_code = :county and p.id = any(cast(:ids as bigint[]))
        and (x.geom is null or st_dimension(x.geom) < 2)
) as n
inner join register.building as b on n.building_id = b.id
inner join register.county as c on b.county_code = c.code
left join register.building_state as s on b.id = s.building_id
where s.status is distinct from 'PLANNED'
order by n.parcel_id, b.code
