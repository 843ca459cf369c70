-- Parcels per town and status, with a place inside the town for its ring (degrees, EPSG:4490). Parameters: county (code).
-- Relies on the index of parcels by county; one pass over the county's parcels.
with totals as (
    select
        town_code,
        coalesce(status, '') as status,
        count(*) as n
    from open_data.parcels
    where county_code = :county
    group by town_code, coalesce(status, '')
),

per_town as (
    select
        town_code,
        jsonb_object_agg(status, n) as by_status
    from totals
    group by town_code
)

select
    a.code,
    a.name,
    a.name_en,
    t.by_status,
    st_x(p.place) as lon,
    st_y(p.place) as lat
from open_data.admin_areas as a
inner join per_town as t on a.code = t.town_code
cross join lateral (select st_pointonsurface(a.geom) as place) as p
where
    a.county_code = :county
    and a.level = 'town'
    and a.geom is not null
