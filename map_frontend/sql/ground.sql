-- Extent of the land of a county's towns (degrees, EPSG:4490) and how many there are. Parameters: county (code).
select
    count(*) as towns,
    min(st_xmin(geom)) as west,
    min(st_ymin(geom)) as south,
    max(st_xmax(geom)) as east,
    max(st_ymax(geom)) as north
from open_data.admin_areas
where
    county_code = :county
    and level = 'town'
    and geom is not null
