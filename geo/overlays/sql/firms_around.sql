-- Firms up to a distance from the edge of one thing: how many, per chain, and the nearest by name. One row.
-- Parameters: county, code (of the thing), srid (survey CRS, metres), radius_m (0 = inside it), named (how many names).
-- Relies on ix_enterprise_tile_geom(_public): the box is the radius in EPSG:3857, widened by its scale at that latitude.
with here as materialized (
    select
        st_transform(x.geom, cast(:srid as integer)) as geom_m,
        st_expand(x.tile_geom, cast(:radius_m as float8) * 1.01 / cos(radians(st_ymax(x.geom)))) as box
    from open_data.things as x
    where
        x.county_code = :county
        and x.code = :code
        and x.geom is not null
),

within as (
    select
        e.code,
        e.name,
        e.name_en,
        e.chain_code,
        e.size_class,
        e.is_sample,
        e.data_source_id,
        e.data_date,
        st_distance(st_transform(e.geom, cast(:srid as integer)), here.geom_m) as distance_m
    from here
    inner join open_data.enterprises as e
        on
            e.county_code = :county
            and e.tile_geom && here.box
    where st_dwithin(st_transform(e.geom, cast(:srid as integer)), here.geom_m, cast(:radius_m as float8))
)

select
    (select count(*) from within) as firm_count,
    (
        select coalesce(jsonb_agg(jsonb_build_object('chain_code', g.chain_code, 'firm_count', g.n) order by g.n desc, g.chain_code), '[]')
        from (
            select
                w.chain_code,
                count(*) as n
            from within as w
            group by w.chain_code
        ) as g
    ) as by_chain,
    (
        select coalesce(jsonb_agg(
            jsonb_build_object(
                'code', n.code, 'name', n.name, 'name_en', n.name_en, 'chain_code', n.chain_code, 'size_class', n.size_class,
                'is_sample', n.is_sample, 'distance_m', round(n.distance_m)
            )
            order by n.distance_m, n.code
        ), '[]')
        from (
            select w.*
            from within as w
            order by w.distance_m, w.code
            limit :named
        ) as n
    ) as nearest,
    (select coalesce(array_agg(distinct w.data_source_id) filter (where w.data_source_id is not null), '{}') from within as w) as data_source_ids,
    (select min(w.data_date) from within as w) as data_date
