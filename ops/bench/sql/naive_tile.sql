-- A tile as one would write it first: every shape transformed and clipped for the request. Same attributes as the service's.
-- Returns MVT bytes. Parameters: z, x, y, county. Relies on ix_parcel_geom_public.
select st_asmvt(t, 'parcels', 4096, 'm', 'id')
from (
    select x.id, x.code, x.name, x.name_en, x.is_sample, x.status, x.land_use_code, x.realm,
           st_asmvtgeom(st_transform(x.geom, 3857), st_tileenvelope(:z, :x, :y), 4096, 64, true) as m
    from open_data.parcels as x
    where x.county_code = :county and x.geom && st_transform(st_tileenvelope(:z, :x, :y), 4490)
) as t
where m is not null
