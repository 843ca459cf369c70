-- The county of a public geometry with a coordinate off the grid of :decimals (EPSG:4490 degrees), or no row.
-- Looks at :rows rows of one collection; `open_data.collection` stands for its view.
select looked_at.county_code
from (select county_code, geom from open_data.collection where geom is not null limit :rows) as looked_at
cross join lateral st_dumppoints(looked_at.geom) as dumped
where abs(st_x(dumped.geom) * 10.0 ^ :decimals - round((st_x(dumped.geom) * 10.0 ^ :decimals)::numeric)) > 0.001
   or abs(st_y(dumped.geom) * 10.0 ^ :decimals - round((st_y(dumped.geom) * 10.0 ^ :decimals)::numeric)) > 0.001
limit 1
