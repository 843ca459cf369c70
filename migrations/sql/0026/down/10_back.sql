create or replace function register.public_shape(shape geometry, decimals int) returns geometry
language plpgsql immutable parallel safe set search_path = public, pg_catalog as $$
declare
    grid double precision := 10.0 ^ (-decimals);
    snapped geometry;
begin
    if st_dimension(shape) = 0 then
        return st_snaptogrid(shape, grid);
    end if;
    snapped := st_reduceprecision(shape, grid);
    if st_dimension(shape) = 1 then
        return case when st_isempty(snapped) then st_snaptogrid(st_pointonsurface(shape), grid) else snapped end;
    end if;
    if st_isempty(snapped) or not st_isvalid(snapped) or st_dimension(snapped) < 2
       or abs(st_area(snapped) - st_area(shape)) > 0.1 * st_area(shape) then
        return st_snaptogrid(st_pointonsurface(shape), grid);
    end if;
    return case when st_geometrytype(shape) = 'ST_MultiPolygon' then st_multi(snapped) else snapped end;
end $$;

create or replace function register.tile_shape(shape geometry) returns geometry
language sql immutable parallel safe set search_path = public, pg_catalog as
$$ select st_forcepolygoncw(st_transform(shape, 3857)) $$;
