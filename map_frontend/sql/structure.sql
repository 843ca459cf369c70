-- Firms by chain of every town, park and featured town that has any, with the place of its diagram (degrees, EPSG:4490).
-- Parameters: county (code), srid (survey CRS, metres). `true` stands for the reader's filters, over alias x.
-- A firm is a park's where it lies inside, as the park's own page counts it (geo/overlays/sql/firms_around.sql, radius 0).
-- Relies on ix_enterprise_tile_geom(_public), once per park.
with of_towns as (
    select
        x.town_code as code,
        x.chain_code,
        count(*) as n
    from open_data.enterprises as x
    where x.county_code = :county and true
    group by x.town_code, x.chain_code
),

grounds as materialized (
    select
        'parks' as collection,
        p.code,
        p.name,
        p.name_en,
        p.geom,
        p.tile_geom,
        st_transform(p.geom, cast(:srid as integer)) as geom_m
    from open_data.parks as p
    where p.county_code = :county and p.geom is not null
    union all
    select
        'featured_towns',
        f.code,
        f.name,
        f.name_en,
        f.geom,
        f.tile_geom,
        st_transform(f.geom, cast(:srid as integer))
    from open_data.featured_towns as f
    where f.county_code = :county and f.geom is not null
),

of_grounds as (
    select
        g.collection,
        g.code,
        x.chain_code,
        count(*) as n
    from grounds as g
    inner join open_data.enterprises as x on x.county_code = :county and x.tile_geom && g.tile_geom
    where st_dwithin(st_transform(x.geom, cast(:srid as integer)), g.geom_m, 0) and true
    group by g.collection, g.code, x.chain_code
),

towns as (
    select
        t.code,
        jsonb_agg(jsonb_build_array(t.chain_code, t.n) order by t.n desc, t.chain_code) as by_chain,
        sum(t.n) as n
    from of_towns as t
    group by t.code
),

parks as (
    select
        o.collection,
        o.code,
        jsonb_agg(jsonb_build_array(o.chain_code, o.n) order by o.n desc, o.chain_code) as by_chain,
        sum(o.n) as n
    from of_grounds as o
    group by o.collection, o.code
)

select
    'admin_areas' as collection,
    a.code,
    a.name,
    a.name_en,
    t.n,
    t.by_chain,
    st_x(p.place) as lon,
    st_y(p.place) as lat,
    cast(null as float8[]) as box
from towns as t
inner join open_data.admin_areas as a on t.code = a.code and a.county_code = :county
cross join lateral (select st_pointonsurface(a.geom) as place) as p
where a.level = 'town' and a.geom is not null
union all
-- Firms in no town have one diagram, at one of them: diagrams and counts must agree.
select
    'admin_areas' as collection,
    '' as code,
    null as name,
    null as name_en,
    t.n,
    t.by_chain,
    st_x(p.place) as lon,
    st_y(p.place) as lat,
    cast(null as float8[]) as box
from towns as t
cross join lateral (
    select st_pointonsurface(x.geom) as place
    from open_data.enterprises as x
    where x.county_code = :county and x.town_code is null and x.geom is not null and true
    order by x.code
    limit 1
) as p
where t.code is null
union all
select
    k.collection,
    k.code,
    g.name,
    g.name_en,
    k.n,
    k.by_chain,
    st_x(p.place) as lon,
    st_y(p.place) as lat,
    array[st_xmin(g.geom), st_ymin(g.geom), st_xmax(g.geom), st_ymax(g.geom)] as box
from parks as k
inner join grounds as g on k.collection = g.collection and k.code = g.code
cross join lateral (select st_pointonsurface(g.geom) as place) as p
order by n desc, collection, code
