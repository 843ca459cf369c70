-- The busiest tiles of a zoom in WebMercatorQuad, by the number of public parcels whose middle of box lies in them.
-- Returns row_no, col_no, n. Parameters: z, count (tiles returned).
with g as (
    select 20037508.342789244 as half, 40075016.685578488 / 2 ^ :z as size
), t as (
    select floor((g.half - (st_ymin(p.tile_geom) + st_ymax(p.tile_geom)) / 2) / g.size)::int as row_no,
           floor((g.half + (st_xmin(p.tile_geom) + st_xmax(p.tile_geom)) / 2) / g.size)::int as col_no
    from open_data.parcels as p, g
)
select row_no, col_no, count(*) as n
from t
group by row_no, col_no
order by n desc, row_no, col_no
limit :count
