-- Ground that is no building and lies in plots: one row for each pair, outline in the survey CRS. Bound: county, ids (bigint[]).
-- Relies on ix_ground_use_geom.
select
    p.id as parcel_id,
    g.code,
    g.version,
    k.in_coefficient,
    g.is_in_use,
    st_asbinary(st_transform(g.geom, c.survey_srid)) as outline
from register.parcel as p
inner join register.ground_use as g on p.county_code = g.county_code and p.geom && g.geom and st_intersects(p.geom, g.geom)
inner join register.ground_use_kind as k on g.kind = k.code
inner join register.county as c on p.county_code = c.code
where p.county_code = :county and p.id = any(cast(:ids as bigint[]))
order by p.id, g.code
