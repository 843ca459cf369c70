-- What follows from an outline is worked out for every row an import writes. What the public sees of it takes a sixth of the time where
-- its corners alone may be moved to the grid, which is looked at first; only an outline that does not survive that is cut anew on it.
-- Names are written whole and no search path is set, so that PostgreSQL takes the short way through both functions.
create or replace function register.public_shape(shape geometry, decimals int) returns geometry
language plpgsql immutable parallel safe as $$
declare
    grid double precision := 10.0 ^ (-decimals);
    snapped public.geometry;
    most double precision;
begin
    case public.st_dimension(shape)
        when 0 then
            return public.st_snaptogrid(shape, grid);
        when 1 then
            snapped := public.st_reduceprecision(shape, grid);
            return case when public.st_isempty(snapped) then public.st_snaptogrid(public.st_pointonsurface(shape), grid) else snapped end;
        else
            null;
    end case;
    most := 0.1 * public.st_area(shape);
    snapped := public.st_snaptogrid(shape, grid);
    if public.st_isvalid(snapped) and abs(public.st_area(snapped) - public.st_area(shape)) <= most then
        return snapped;
    end if;
    snapped := public.st_reduceprecision(shape, grid);
    if public.st_isempty(snapped) or not public.st_isvalid(snapped) or public.st_dimension(snapped) < 2
       or abs(public.st_area(snapped) - public.st_area(shape)) > most then
        return public.st_snaptogrid(public.st_pointonsurface(shape), grid);
    end if;
    return case when public.st_geometrytype(shape) = 'ST_MultiPolygon' then public.st_multi(snapped) else snapped end;
end $$;

create or replace function register.tile_shape(shape geometry) returns geometry
language sql immutable parallel safe as
$$ select public.st_forcepolygoncw(public.st_transform(shape, 3857)) $$;
