-- Ground in use on each of some parcels: the western two fifths of its box as a yard, cut to its outline. Parameters: county, ids.
insert into register.ground_use (county_code, code, kind, is_in_use, surveyed_on, geom, is_sample)
select :county, 'B' || p.id, 'YARD', true, date '2026-06-30', st_multi(st_collectionextract(cut.shape, 3)), true
from register.parcel as p
cross join lateral (
    select st_intersection(
        p.geom,
        st_makeenvelope(st_xmin(p.geom), st_ymin(p.geom), st_xmin(p.geom) + (st_xmax(p.geom) - st_xmin(p.geom)) * 0.4, st_ymax(p.geom), 4490)
    ) as shape
) as cut
where p.county_code = :county and p.id = any(:ids) and not st_isempty(st_collectionextract(cut.shape, 3))
