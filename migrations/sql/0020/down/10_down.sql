-- As it was before 0020: works without a place. What was drawn and recorded of them goes.

drop view open_data.park_works;
drop view staff_data.park_works;
drop view staff_data.park_work_versions;
drop trigger zz_works_follow on register.park;
drop function register.park_works_follow();

do $$
declare
    t text;
begin
    foreach t in array array['a_derive_geometry', 'a_derive_length', 'b_first_version', 'b_bump_version'] loop
        execute format('drop trigger %I on register.park_work', t);
    end loop;
    foreach t in array array['insert', 'update', 'delete'] loop
        execute format('drop trigger y_version_%1$s on register.park_work', t);
        execute format('drop trigger z_announce_%1$s on register.park_work', t);
        execute format('drop trigger zz_tiles_%1$s on register.park_work', t);
    end loop;
end $$;
drop function register.derive_work_length();
drop function register.work_status(date, date, date, date, date);
drop table register.park_work_version;
alter table register.park_work
drop column geom,
drop column geom_public,
drop column tile_geom,
drop column tile_geom_public,
drop column geometry_quality,
drop column position_quality,
drop column source_srid,
drop column area_m2,
drop column length_m,
drop column data_source_id,
drop column data_date,
drop column version,
drop column updated_at,
drop column updated_by;

create or replace function register.public_test(p_table text, p_row text) returns text
language sql immutable parallel safe as $$
    select p_row || '.publication_state = ''published''' || case p_table
        when 'project' then format(
            ' and (exists (select from register.project_state s where s.project_id = %1$s.id
                           and s.stage in (''SIGNED'', ''UNDER_CONSTRUCTION'', ''IN_PRODUCTION'', ''FULL_CAPACITY''))%2$s)', p_row,
            case when p_row = 'o' then
                ' or o.id = any (coalesce(string_to_array(register.setting(''yzt.public_projects''), '',''), ''{}'')::bigint[])' else '' end)
        when 'policy_clause' then format(
            ' and exists (select from register.policy p where p.county_code = %1$s.county_code and p.code = %1$s.policy_code
                          and p.fair_review_result in (''passed'', ''passed_with_exception''))', p_row)
        else '' end
$$;

create or replace function register.republish(p_county text) returns table (table_name text, row_count bigint)
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

create view open_data.park_works as
select w.id, w.county_code, w.code, w.park_code, w.name, w.name_en, w.kind, w.planned_start_on, w.planned_end_on, w.started_on,
       w.finished_on, w.is_sample
from register.park_work w
join register.park x on x.county_code = w.county_code and x.code = w.park_code
where x.publication_state = 'published';

create view staff_data.park_works as
select w.id, w.county_code, w.code, w.park_code, w.name, w.name_en, w.kind, w.planned_start_on, w.planned_end_on, w.started_on,
       w.finished_on, w.is_sample
from register.park_work w
join register.park x on x.county_code = w.county_code and x.code = w.park_code;

grant create on schema open_data, staff_data to yzt_reader;
alter view open_data.park_works owner to yzt_reader;
alter view staff_data.park_works owner to yzt_reader;
revoke create on schema open_data, staff_data from yzt_reader;
grant select on open_data.park_works to yzt_public, yzt_staff, yzt_admin, yzt_app;
grant select on staff_data.park_works to yzt_staff, yzt_admin;
