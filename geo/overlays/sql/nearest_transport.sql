-- The nearest built and the nearest unbuilt feature per destination, by straight line from the edge of one thing.
-- Parameters: county, code (of the thing), srid (survey CRS, metres), kinds and road_classes (same length; '' = any class).
-- Candidates come from the index in EPSG:3857, where scale is all but the same over a county; the survey CRS then decides.
-- Places have an index of their own, ix_transport_feature_place(_public): nothing walks past every road on the way to a station.
-- Ways are found by ix_transport_feature_tile_geom(_public).
with here as materialized (
    select
        x.tile_geom,
        st_transform(x.geom, cast(:srid as integer)) as geom_m
    from open_data.things as x
    where
        x.county_code = :county
        and x.code = :code
        and x.geom is not null
)

select
    d.kind,
    d.road_class,
    t.status,
    t.code,
    t.name,
    t.name_en,
    t.opened_on,
    t.expected_on,
    t.is_sample,
    t.data_source_id,
    t.data_date,
    cast(round(t.distance_m) as integer) as distance_m
from here
cross join unnest(cast(:kinds as text[]), cast(:road_classes as text[])) with ordinality as d (kind, road_class, place)
cross join (values (true), (false)) as b (is_built)
cross join lateral (
    select
        c.*,
        st_distance(st_transform(c.geom, cast(:srid as integer)), here.geom_m) as distance_m
    from (
        (
            select f.*
            from open_data.transport as f
            where
                f.county_code = :county
                and f.kind = d.kind
                and f.kind not in ('expressway', 'road', 'rail', 'ferry', 'bridge')
                and (f.status = 'built') = b.is_built
                and f.tile_geom is not null
            order by f.tile_geom <-> here.tile_geom
            limit 8
        )
        union all
        (
            select f.*
            from open_data.transport as f
            where
                d.kind in ('expressway', 'road', 'rail', 'ferry', 'bridge')
                and f.county_code = :county
                and f.kind = d.kind
                and (d.road_class = '' or f.road_class = d.road_class)
                and (f.status = 'built') = b.is_built
                and f.tile_geom is not null
            order by f.tile_geom <-> here.tile_geom
            limit 8
        )
    ) as c
    order by distance_m, c.code
    limit 1
) as t
order by d.place, b.is_built desc
