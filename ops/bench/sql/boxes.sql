-- Boxes that hold a thousand parcels and some: around parcels picked by the hash of their id, the extent of the middles of the
-- thousand nearest. Returns west, south, east, north in degrees (EPSG:4490). Parameters: count. Relies on ix_parcel_geom_public.
select st_xmin(b.extent) as west, st_ymin(b.extent) as south, st_xmax(b.extent) as east, st_ymax(b.extent) as north
from (select geom from open_data.parcels order by md5(id::text) limit :count) as s,
    lateral (
        select st_extent(st_centroid(n.geom)) as extent
        from (select p.geom from open_data.parcels as p order by p.geom <-> s.geom limit 1000) as n
    ) as b
