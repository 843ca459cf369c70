-- Parcels per town and status, with a place inside the town for its ring (degrees, EPSG:4490). Parameters: county (code), is_all
-- (whether the reader has no filters). `true` stands for the reader's filters, over alias x.
-- All parcels of a large county are numbers that stand ready (migration 0029); else one pass over the county's parcels, by its index.
with measured as (
    select from open_data.tile_details
    where :is_all and county_code = :county and collection = 'parcels' and shapes_from_zoom > 0
),

totals as (
    select
        nullif(value, '') as town_code,
        status,
        sum(n)::bigint as n
    from open_data.parcel_facets
    where :is_all and county_code = :county and facet = 'town'
    group by value, status
    having sum(n) > 0
    union all
    select
        x.town_code,
        coalesce(x.status, '') as status,
        count(*) as n
    from open_data.parcels as x
    where x.county_code = :county and true and not exists (select from measured)
    group by x.town_code, coalesce(x.status, '')
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
union all
-- What lies in no town (sea, above all) has one ring, at the plot in its midst: rings and list must agree.
select
    '' as code,
    null as name,
    null as name_en,
    t.by_status,
    st_x(p.place) as lon,
    st_y(p.place) as lat
from per_town as t
cross join lateral (
    select st_pointonsurface(x.geom) as place
    from open_data.parcels as x
    where x.county_code = :county and x.town_code is null and x.geom is not null and true
    order by x.geom <-> (
        select st_setsrid(st_centroid(st_extent(x.geom)::geometry), 4490)
        from open_data.parcels as x
        where x.county_code = :county and x.town_code is null and true
    )
    limit 1
) as p
where t.town_code is null
