-- Reading at a moment (design.md 4): `as_of` is a civil date things are true on, `known_at` the instant up to which the register
-- had recorded. Facts are read by both; for columns that are not facts, true-on equals recorded-on.

-- The last instant a reading at (as_of, known_at) may use of what was recorded: null parts mean now.
create function register.moment_of(p_county text, p_as_of date, p_known_at timestamptz) returns timestamptz
language sql stable security definer set search_path = register, pg_catalog, pg_temp as $$
    select least(coalesce(p_known_at, clock_timestamp()),
                 (p_as_of + 1)::timestamp at time zone c.time_zone - interval '1 microsecond')
    from county c where c.code = p_county
$$;

-- The instant up to which everything that was recorded is visible by now, without waiting for anybody.
create function register.known_until() returns timestamptz
language sql volatile security definer set search_path = register, pg_catalog, pg_temp as
$$ select coalesce(register.oldest_open_write() - interval '1 microsecond', clock_timestamp()) $$;

-- For every recorded table `register.<table>_at(county, instant)`: its rows as recorded at the instant. What versions do not
-- repeat (shapes for tiles) is null.
do $$
declare
    t text;
    columns text;
begin
    foreach t in array array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause', 'policy',
                             'transport_feature', 'planning_control'] loop
        select string_agg(case when v.attname is null then 'null::' || format_type(a.atttypid, a.atttypmod)
                               else 'v.' || quote_ident(a.attname) end, ', ' order by a.attnum)
        into columns
        from pg_attribute a
        left join pg_attribute v on v.attrelid = ('register.' || t || '_version')::regclass and v.attname = a.attname
        where a.attrelid = ('register.' || t)::regclass and a.attnum > 0 and not a.attisdropped;
        execute format(
            'create function register.%1$I(p_county text, p_instant timestamptz) returns setof register.%2$I
             language sql stable set search_path = public, pg_catalog as
             $f$ select %3$s from register.%4$I v where v.county_code = p_county and v.recorded_during @> p_instant $f$',
            t || '_at', t, columns, t || '_version');
    end loop;
end $$;

-- For every collection `<schema>.<collection>_at(county, as_of, known_at)`: the rows of its view as they stood at the moment.
-- Made from the view's own definition, so that both say the same. The public sees only what is public now and was public then.
-- Leads are not recorded: in the past their flag is unknown (null).
create procedure register.make_views_at()
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    v record;
    body text;
begin
    for v in
        select schemaname, viewname, pg_get_viewdef(format('%I.%I', schemaname, viewname)::regclass) as definition
        from pg_views
        where schemaname in ('open_data', 'staff_data')
          and viewname in ('admin_areas', 'parks', 'featured_towns', 'parcels', 'buildings', 'projects', 'enterprises', 'policies',
                           'transport', 'controls')
    loop
        body := rtrim(v.definition, E'; \n');
        body := regexp_replace(body, 'register\.(admin_area|park|parcel|building|project|enterprise|policy_clause|policy|transport_feature|planning_control) ([a-z])\M',
                               'register.\1_at(p_county, register.moment_of(p_county, p_as_of, p_known_at)) \2', 'g');
        body := regexp_replace(body, 'register\.(parcel|building|project)_state ([a-z])\M',
                               'register.\1_state_at(p_county, null, p_as_of, coalesce(p_known_at, ''infinity'')) \2', 'g');
        body := replace(body, 'register.finding f', '(select * from register.finding limit 0) f');
        body := replace(body, 'now()', 'register.moment_of(p_county, p_as_of, p_known_at)');
        execute format(
            'create or replace function %1$I.%2$I(p_county text, p_as_of date, p_known_at timestamptz) returns setof %1$I.%3$I
             language sql stable security definer set search_path = public, pg_catalog, pg_temp as $f$
             select * from (%4$s) at_the_moment where county_code = p_county %5$s $f$',
            v.schemaname, v.viewname || '_at', v.viewname, body,
            case v.schemaname when 'open_data'
                then format('and id in (select id from open_data.%I where county_code = p_county)', v.viewname) else '' end);
        execute format('alter function %I.%I(text, date, timestamptz) owner to yzt_reader', v.schemaname, v.viewname || '_at');
        execute format('revoke all on function %I.%I(text, date, timestamptz) from public', v.schemaname, v.viewname || '_at');
        execute format('grant execute on function %I.%I(text, date, timestamptz) to yzt_staff, yzt_admin%s', v.schemaname,
                       v.viewname || '_at', case v.schemaname when 'open_data' then ', yzt_public' else '' end);
    end loop;
end $$;

do $$
declare f text;
begin
    for f in select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname = 'register' and p.prokind = 'f' and p.proname ~ '_at$|^moment_of$|^known_until$|^effective_facts$' loop
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to yzt_reader', f);
    end loop;
end $$;
revoke all on procedure register.make_views_at() from public;
grant execute on function register.moment_of(text, date, timestamptz), register.known_until() to yzt_public, yzt_staff, yzt_admin;

grant usage, create on schema open_data, staff_data to yzt_reader;
call register.make_views_at();
revoke create on schema open_data, staff_data from yzt_reader;
