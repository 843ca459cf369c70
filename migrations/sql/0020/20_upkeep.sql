-- What follows from a work's shape, its versions, and who is told of a change.

create trigger a_derive_geometry before insert or update on register.park_work
for each row execute function register.derive_geometry();

-- BEFORE INSERT OR UPDATE, after the shape is settled.
create function register.derive_work_length() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    new.length_m := null;
    if st_dimension(new.geom) = 1 then
        select round(st_length(st_transform(new.geom, c.survey_srid))::numeric, 2) into new.length_m
        from county c where c.code = new.county_code;
    end if;
    return new;
end $$;
create trigger a_derive_length before insert or update on register.park_work
for each row execute function register.derive_work_length();

do $$
declare
    op text;
    tables text;
begin
    create trigger b_first_version before insert on register.park_work for each row execute function register.first_version();
    create trigger b_bump_version before update on register.park_work for each row execute function register.bump_version();
    for op, tables in
        select * from (values ('insert', 'new table as new_rows'), ('update', 'old table as old_rows new table as new_rows'),
                              ('delete', 'old table as old_rows')) as v (op, tables)
    loop
        execute format('create trigger y_version_%1$s after %1$s on register.park_work referencing %2$s
                        for each statement execute function register.record_version()', op, tables);
        execute format('create trigger z_announce_%1$s after %1$s on register.park_work referencing %2$s
                        for each statement execute function register.announce(''park_works'')', op, tables);
        execute format('create trigger zz_tiles_%1$s after %1$s on register.park_work referencing %2$s
                        for each statement execute function register.tiles_changed(''park_works'')', op, tables);
    end loop;
end $$;

-- The state a work is in on a day; null where nothing is dated. `late`: a planned day has passed without it.
create function register.work_status(planned_start date, planned_end date, started date, finished date, on_day date) returns text
language sql immutable parallel safe as $$
    select case
        when finished <= on_day then 'built'
        when planned_end < on_day then 'late'
        when started <= on_day then 'building'
        when planned_start < on_day then 'late'
        when num_nonnulls(planned_start, planned_end, started, finished) > 0 then 'planned'
    end
$$;

-- AFTER UPDATE on park: the public sees the works of a published park.
create function register.park_works_follow() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    county text;
begin
    for county in
        select distinct n.county_code from new_rows n join old_rows o on o.id = n.id
        where (n.publication_state, n.code) is distinct from (o.publication_state, o.code)
    loop
        perform tell_changes(county, array['park_works'], null);
    end loop;
    return null;
end $$;
create trigger zz_works_follow after update on register.park referencing old table as old_rows new table as new_rows
for each statement execute function register.park_works_follow();

-- SQL that says whether the public sees (`n`) or saw (`o`) a row of a table of things; a work as its park.
create or replace function register.public_test(p_table text, p_row text) returns text
language sql immutable parallel safe as $$
    select case when p_table = 'park_work' then
        format('exists (select from register.park p where p.county_code = %1$s.county_code and p.code = %1$s.park_code
                        and p.publication_state = ''published'')', p_row)
    else p_row || '.publication_state = ''published''' || case p_table
        when 'project' then format(
            ' and (exists (select from register.project_state s where s.project_id = %1$s.id
                           and s.stage in (''SIGNED'', ''UNDER_CONSTRUCTION'', ''IN_PRODUCTION'', ''FULL_CAPACITY''))%2$s)', p_row,
            case when p_row = 'o' then
                ' or o.id = any (coalesce(string_to_array(register.setting(''yzt.public_projects''), '',''), ''{}'')::bigint[])' else '' end)
        when 'policy_clause' then format(
            ' and exists (select from register.policy p where p.county_code = %1$s.county_code and p.code = %1$s.policy_code
                          and p.fair_review_result in (''passed'', ''passed_with_exception''))', p_row)
        else '' end end
$$;

create or replace function register.republish(p_county text) returns table (table_name text, row_count bigint)
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    t text;
    n bigint;
begin
    perform set_config('yzt.republish', 'on', true);
    foreach t in array array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause',
                             'transport_feature', 'planning_control', 'park_work'] loop
        execute format('update register.%I set geom = geom where county_code = $1 and geom is not null', t) using p_county;
        get diagnostics n = row_count;
        table_name := t;
        row_count := n;
        return next;
    end loop;
    perform set_config('yzt.republish', '', true);
end $$;

-- What stands already begins its record here.
insert into register.park_work_version (
    id, code, park_code, name, name_en, kind, planned_start_on, planned_end_on, started_on, finished_on, is_sample, geometry_quality,
    position_quality, version, updated_at, updated_by, county_code, recorded_during, recorded_xid, recorded_by
)
select id, code, park_code, name, name_en, kind, planned_start_on, planned_end_on, started_on, finished_on, is_sample, geometry_quality,
       position_quality, version, updated_at, updated_by, county_code, tstzrange(register.recording_instant(), null),
       pg_current_xact_id(), session_user
from register.park_work;
