-- Tiles of a zoom in WebMercatorQuad that the box of a public parcel touches: row_no, col_no. Parameters: z.
with g as (
    select 20037508.342789244 as half, 40075016.685578488 / 2 ^ :z as size
), box as (
    select distinct
        floor((g.half - st_ymax(p.tile_geom)) / g.size)::int as north, floor((g.half - st_ymin(p.tile_geom)) / g.size)::int as south,
        floor((g.half + st_xmin(p.tile_geom)) / g.size)::int as west, floor((g.half + st_xmax(p.tile_geom)) / g.size)::int as east
    from open_data.parcels as p, g
    where p.tile_geom is not null
)
select distinct r.row_no, c.col_no
from box, generate_series(box.north, box.south) as r (row_no), generate_series(box.west, box.east) as c (col_no)
order by 1, 2
