-- The county's towns as SVG paths (EPSG:3857, whole metres), or its outline where it has none, for the locator.
-- Parameters: county.
with towns as (
    select
        a.code,
        a.tile_geom as shape
    from open_data.admin_areas as a
    where
        a.county_code = :county
        and a.level = 'town'
        and a.tile_geom is not null
),

parts as (
    select
        t.code,
        t.shape
    from towns as t
    union all
    select
        c.code,
        st_transform(c.outline, 3857)
    from open_data.counties as c
    where
        c.code = :county
        and not exists (select from towns)
)

select
    p.code,
    st_xmin(p.shape) as west,
    st_ymin(p.shape) as south,
    st_xmax(p.shape) as east,
    st_ymax(p.shape) as north,
    st_assvg(st_simplify(p.shape, 250, true), 1, 0) as path
from parts as p
order by p.code
