-- Shapes of parcels and roads beside one thing, as GeoJSON (EPSG:4490), for the ground of its picture.
-- Parameters: county, code (of the thing). Relies on ix_parcel_tile_geom(_public), ix_transport_feature_tile_geom(_public).
with here as materialized (
    select st_expand(x.tile_geom, greatest(60, (st_xmax(x.tile_geom) - st_xmin(x.tile_geom)) * 0.4)) as box
    from open_data.things as x
    where
        x.county_code = :county
        and x.code = :code
)

(
    select st_asgeojson(p.geom, 7) as shape
    from here
    inner join open_data.parcels as p
        on
            p.county_code = :county
            and p.tile_geom && here.box
    where p.code <> :code
    limit 80
)
union all
(
    select st_asgeojson(st_clipbybox2d(t.geom, st_envelope(st_transform(here.box, 4490))), 7)
    from here
    inner join open_data.transport as t
        on
            t.county_code = :county
            and t.tile_geom && here.box
            and t.kind in ('road', 'expressway', 'rail', 'ramp', 'bridge')
    limit 40
)
