-- The outline of a plot, the buildings that stand in it and the ground that is no building, in the survey CRS: what evidence is drawn
-- over. Bound: parcel (id), srid. Relies on pk_parcel, ix_building_geom, ix_ground_use_geom. standing.py puts readings at an instant in
-- the place of the three views.
with p as materialized (
    select
        x.county_code,
        x.geom
    from staff_data.parcels as x
    where x.id = :parcel and x.geom is not null
)

select
    'plot' as what,
    '' as code,
    null as name,
    null as name_en,
    null as kind,
    cast(null as integer) as storeys,
    cast(null as boolean) as is_in_use,
    st_asbinary(st_transform(p.geom, cast(:srid as integer))) as outline
from p
union all
select
    'building',
    b.code,
    b.name,
    b.name_en,
    b.kind,
    b.storeys,
    null,
    st_asbinary(st_transform(b.geom, cast(:srid as integer)))
from p
inner join staff_data.buildings as b on p.county_code = b.county_code and p.geom && b.geom and st_intersects(p.geom, b.geom)
where st_dimension(b.geom) = 2 and b.status is distinct from 'PLANNED'
union all
select
    'ground',
    g.code,
    g.name,
    g.name_en,
    g.kind,
    null,
    g.is_in_use,
    st_asbinary(st_transform(g.geom, cast(:srid as integer)))
from p
inner join staff_data.ground_uses as g on p.county_code = g.county_code and p.geom && g.geom and st_intersects(p.geom, g.geom)
order by what, code
