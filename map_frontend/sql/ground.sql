-- How many towns a county has, and the extent (degrees, EPSG:4490) of the main part of each: far islets do not shrink the
-- first view. Parameters: county (code).
select
    (select exists(select from open_data.surroundings as s where s.county_code = :county)) as has_surroundings,
    count(*) as towns,
    min(st_xmin(p.main)) as west,
    min(st_ymin(p.main)) as south,
    max(st_xmax(p.main)) as east,
    max(st_ymax(p.main)) as north
from open_data.admin_areas as a
cross join lateral (
    select d.geom as main
    from st_dump(a.geom) as d
    order by st_npoints(d.geom) desc
    limit 1
) as p
where
    a.county_code = :county
    and a.level = 'town'
