-- The town, park and featured town one thing lies in: by its recorded code, or because its inner point lies inside.
-- Parameters: county, code (of the thing), park (its recorded park code or null). Relies on ix_park_geom(_public).
with here as materialized (
    select
        x.town_code,
        st_pointonsurface(x.geom) as place
    from open_data.things as x
    where
        x.county_code = :county
        and x.code = :code
)

select
    'admin_areas' as collection,
    a.code,
    a.name,
    a.name_en
from here
inner join open_data.admin_areas as a
    on
        a.county_code = :county
        and a.code = here.town_code
union all
(
    select
        'parks',
        p.code,
        p.name,
        p.name_en
    from open_data.parks as p
    where
        p.county_code = :county
        and p.code = :park
        and cast(:collection as text) <> 'parks'
    union
    select
        'parks',
        p.code,
        p.name,
        p.name_en
    from here
    inner join open_data.parks as p
        on
            p.county_code = :county
            and st_intersects(p.geom, here.place)
            and cast(:collection as text) <> 'parks'
)
union all
select
    'featured_towns',
    t.code,
    t.name,
    t.name_en
from here
inner join open_data.featured_towns as t
    on
        t.county_code = :county
        and st_intersects(t.geom, here.place)
        and cast(:collection as text) <> 'featured_towns'
