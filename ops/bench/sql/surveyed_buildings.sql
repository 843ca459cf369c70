-- A building on each of some parcels: around a point inside it, a tenth as wide as its box. Parameters: county, ids.
insert into register.building (county_code, code, name, kind, parcel_code, geom, storeys, is_sample)
select :county, 'B' || p.id, 'B' || p.id, 'factory', p.code,
       st_multi(st_buffer(st_pointonsurface(p.geom), (st_xmax(p.geom) - st_xmin(p.geom)) * 0.1, 'quad_segs=1')), 3, true
from register.parcel as p
where p.county_code = :county and p.id = any(:ids)
