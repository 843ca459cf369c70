-- `<schema>.<collection>_at(county, as_of, known_at, near)`: of what stood at the moment (migration 0003) the rows whose box touches
-- the box of `near`, found by an index over shape and time and not by working out the whole county.
-- Made from the view's own definition, as those of migration 0003 are, for the collections a county has many of.

create index ix_parcel_version_place on register.parcel_version using gist (geom, recorded_during);
create index ix_parcel_version_public_place on register.parcel_version using gist (geom_public, recorded_during);
create index ix_building_version_place on register.building_version using gist (geom, recorded_during);
create index ix_building_version_public_place on register.building_version using gist (geom_public, recorded_during);

create procedure register.make_views_at_places()
language plpgsql set search_path = public, pg_catalog, pg_temp as $$
declare
    t record;
    columns text;
    body text;
begin
    for t in
        select s.name as schema, s.geom, c.name as collection, c.source
        from (values ('open_data', 'geom_public'), ('staff_data', 'geom')) s(name, geom)
        cross join (values ('parcels', 'parcel'), ('buildings', 'building')) c(name, source)
    loop
        select string_agg(case when v.attname is null then 'null::' || format_type(a.atttypid, a.atttypmod) || ' as ' || quote_ident(a.attname)
                               else 'v.' || quote_ident(a.attname) end, ', ' order by a.attnum)
        into columns
        from pg_attribute a
        left join pg_attribute v on v.attrelid = ('register.' || t.source || '_version')::regclass and v.attname = a.attname
        where a.attrelid = ('register.' || t.source)::regclass and a.attnum > 0 and not a.attisdropped;
        body := rtrim(pg_get_viewdef(format('%I.%I', t.schema, t.collection)::regclass), E'; \n');
        body := regexp_replace(body, format('register\.%s ([a-z])\M', t.source), 'placed \1', 'g');
        body := regexp_replace(body, format('register\.%s_state ([a-z])\M', t.source),
                               format('register.%s_state_at(p_county, (select coalesce(array_agg(id), ''{}'') from placed), p_as_of, '
                                      'coalesce(p_known_at, ''infinity'')) \1', t.source), 'g');
        body := replace(body, 'register.finding f', '(select * from register.finding limit 0) f');
        body := replace(body, 'now()', 'register.moment_of(p_county, p_as_of, p_known_at)');
        execute format(
            'create or replace function %1$I.%2$I(p_county text, p_as_of date, p_known_at timestamptz, p_near geometry)
             returns setof %1$I.%3$I
             language sql stable security definer set search_path = public, pg_catalog, pg_temp as $f$
             with placed as materialized (
                 select %4$s from register.%5$I v
                 where v.county_code = p_county and v.%6$I && p_near
                   and v.recorded_during @> (select register.moment_of(p_county, p_as_of, p_known_at)))
             select * from (%7$s) at_the_moment where county_code = p_county %8$s $f$',
            t.schema, t.collection || '_at', t.collection, columns, t.source || '_version', t.geom, body,
            case t.schema when 'open_data'
                then format('and exists (select from open_data.%I o where o.county_code = p_county and o.id = at_the_moment.id)', t.collection)
                else '' end);
        execute format('alter function %I.%I(text, date, timestamptz, geometry) owner to yzt_reader', t.schema, t.collection || '_at');
        execute format('revoke all on function %I.%I(text, date, timestamptz, geometry) from public', t.schema, t.collection || '_at');
        execute format('grant execute on function %I.%I(text, date, timestamptz, geometry) to yzt_staff, yzt_admin%s', t.schema,
                       t.collection || '_at', case t.schema when 'open_data' then ', yzt_public' else '' end);
    end loop;
end $$;
revoke all on procedure register.make_views_at_places() from public;

grant usage, create on schema open_data, staff_data to yzt_reader;
call register.make_views_at_places();
revoke create on schema open_data, staff_data from yzt_reader;
