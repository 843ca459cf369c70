-- What follows from a geometry is written here and nowhere else: what the public sees, what tiles draw, what was measured.

-- The public shape of `shape` (EPSG:4490) on a grid of `decimals`; a shape the grid makes invalid, empty or more than 10 %
-- off becomes its snapped point (design.md 4).
create function register.public_shape(shape geometry, decimals int) returns geometry
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

create function register.tile_shape(shape geometry) returns geometry
language sql immutable parallel safe set search_path = public, pg_catalog as
$$ select st_forcepolygoncw(st_transform(shape, 3857)) $$;

-- BEFORE INSERT OR UPDATE on every table of things on the map.
create function register.derive_geometry() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    measure_srid int;
    decimals int;
    in_metres geometry;
begin
    if tg_op = 'UPDATE' and new.geom is not distinct from old.geom and new.county_code = old.county_code
       and register.setting('yzt.republish') is null then
        new.geom_public := old.geom_public;
        new.tile_geom := old.tile_geom;
        new.tile_geom_public := old.tile_geom_public;
        new.geometry_quality := old.geometry_quality;
        new.area_m2 := old.area_m2;
        if tg_table_name = 'transport_feature' then
            new.length_m := old.length_m;
        end if;
        return new;
    end if;
    if new.geom is null then
        new.geom_public := null;
        new.tile_geom := null;
        new.tile_geom_public := null;
        new.geometry_quality := 'none';
        new.area_m2 := null;
        return new;
    end if;
    select c.survey_srid, c.public_decimals into measure_srid, decimals from county c where c.code = new.county_code;
    if not found then
        return new;  -- the foreign key refuses it
    end if;
    new.geom_public := public_shape(new.geom, decimals);
    new.geometry_quality := case when st_dimension(new.geom_public) < st_dimension(new.geom) then 'point' else 'shape' end;
    new.tile_geom := tile_shape(new.geom);
    new.tile_geom_public := tile_shape(new.geom_public);
    in_metres := st_transform(new.geom, measure_srid);
    new.area_m2 := case when st_dimension(new.geom) = 2 then round(st_area(in_metres)::numeric, 2) end;
    if tg_table_name = 'transport_feature' then
        new.length_m := case when st_dimension(new.geom) = 1 then round(st_length(in_metres)::numeric, 2) end;
    end if;
    return new;
end $$;

-- Rewrites what is public of one county after `public_decimals` changed; returns rows written per table.
create function register.republish(p_county text) returns table (table_name text, row_count bigint)
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    t text;
    n bigint;
begin
    perform set_config('yzt.republish', 'on', true);
    foreach t in array array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause',
                             'transport_feature', 'planning_control'] loop
        execute format('update register.%I set geom = geom where county_code = $1 and geom is not null', t) using p_county;
        get diagnostics n = row_count;
        table_name := t;
        row_count := n;
        return next;
    end loop;
    perform set_config('yzt.republish', '', true);
end $$;

do $$
declare t text;
begin
    foreach t in array array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause',
                             'transport_feature', 'planning_control'] loop
        execute format('create trigger a_derive_geometry before insert or update on register.%I
                        for each row execute function register.derive_geometry()', t);
    end loop;
end $$;
