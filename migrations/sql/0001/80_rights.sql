-- Who may do what. Row-level security is enabled and forced on every table; the owner and the reader of views are named in
-- policies like everybody else. Roles are made by `ops.database` (they are cluster-wide); none is made or dropped here.

create function register.my_units() returns text
language sql stable parallel safe set search_path = pg_catalog as
$$ select register.setting('yzt.units') $$;

-- May the present actor write for this unit? '*' = for all; a thing without a unit only by those.
create function register.may_write(unit_code text) returns boolean
language sql stable parallel safe set search_path = pg_catalog as
$$ select coalesce(register.my_units() = '*' or unit_code = any (string_to_array(register.my_units(), ',')), false) $$;

create function register.may_write_subject(p_county text, p_kind text, p_id bigint) returns boolean
language plpgsql stable security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    allowed boolean;
begin
    if register.my_units() = '*' then
        return true;
    end if;
    if p_kind in ('parcel', 'building', 'project', 'enterprise', 'park', 'policy_clause') then
        execute format('select register.may_write(unit_code) from register.%I where county_code = $1 and id = $2', p_kind)
            into allowed using p_county, p_id;
    end if;
    return coalesce(allowed, false);
end $$;

create function register.may_write_code(p_county text, p_kind text, p_code text) returns boolean
language plpgsql stable security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    allowed boolean;
begin
    if register.my_units() = '*' then
        return true;
    end if;
    execute format('select register.may_write(unit_code) from register.%I where county_code = $1 and code = $2', p_kind)
        into allowed using p_county, p_code;
    return coalesce(allowed, false);
end $$;

revoke all on all functions in schema register from public;
grant usage on schema register to yzt_reader, yzt_staff, yzt_admin, yzt_app;
grant usage on schema open_data to yzt_public, yzt_staff, yzt_admin, yzt_app;
grant usage on schema staff_data to yzt_staff, yzt_admin;
grant usage on schema register to yzt_public;
grant execute on function register.setting(text), register.my_units(), register.may_write(text) to public;
grant execute on function register.recording_instant(), register.await_known(timestamptz),
    register.may_write_subject(text, text, bigint), register.may_write_code(text, text, text),
    register.effective_facts(text, text, bigint[], date, timestamptz), register.subject_table(text),
    register.parcel_state_at(text, bigint[], date, timestamptz), register.building_state_at(text, bigint[], date, timestamptz),
    register.project_state_at(text, bigint[], date, timestamptz), register.refresh_state(text),
    register.public_shape(geometry, int), register.tile_shape(geometry) to yzt_staff, yzt_admin;
grant execute on function register.republish(text) to yzt_admin;

do $$
declare
    t text;
    -- things on the map and what belongs to one unit: select only on keys, unit and version (design.md 4)
    things constant text[] := array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause',
                                    'transport_feature', 'planning_control'];
    -- rows that follow one thing, by the column that names it
    followers constant jsonb := '{"parcel_chain": ["parcel", "parcel_code"], "building_chain": ["building", "building_code"],
        "project_parcel": ["project", "project_code"], "project_building": ["project", "project_code"],
        "project_unit_share": ["project", "project_code"], "project_stage": ["project", "project_code"],
        "enterprise_site": ["enterprise", "enterprise_code"], "enterprise_year": ["enterprise", "enterprise_code"],
        "building_space": ["building", "building_code"], "park_work": ["park", "park_code"]}';
    -- county-wide tables: written by those who write for all units
    countywide constant text[] := array['unit', 'unit_successor', 'person', 'chain', 'policy', 'road_edge', 'control_extent',
                                        'quota', 'data_source'];
    -- working tables of staff
    working constant text[] := array['import_batch', 'import_row', 'stored_file', 'stored_file_chunk', 'document',
                                     'field_confirmation', 'change_proposal', 'promise', 'quota_use', 'problem', 'name_alias',
                                     'finding', 'idle_case', 'idle_case_event'];
    -- words and dated parameters
    words constant text[] := array['code_list', 'code_value', 'parameter', 'fact_kind', 'work_calendar', 'exchange_rate'];
    people constant text[] := array['account', 'account_role', 'account_unit', 'account_session', 'api_token', 'login_attempt'];
begin
    for t in select tablename from pg_tables where schemaname = 'register' loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        if not t = any (people) then
            execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
            execute format('grant select on register.%I to yzt_reader', t);
        end if;
    end loop;

    foreach t in array things loop
        execute format('grant insert, update, delete on register.%I to yzt_staff', t);
        execute format('grant select (id, county_code, code, unit_code, version) on register.%I to yzt_staff', t);
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
        execute format('create policy staff_insert on register.%I for insert to yzt_staff with check (register.may_write(unit_code))', t);
        execute format('create policy staff_update on register.%I for update to yzt_staff using (register.may_write(unit_code))
                        with check (register.may_write(unit_code))', t);
        execute format('create policy staff_delete on register.%I for delete to yzt_staff using (register.may_write(unit_code))', t);
    end loop;

    for t in select jsonb_object_keys(followers) loop
        execute format('grant select, insert, update, delete on register.%I to yzt_staff', t);
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
        execute format('create policy staff_write on register.%I to yzt_staff
                        using (register.may_write_code(county_code, %L, %I)) with check (register.may_write_code(county_code, %L, %I))',
                       t, followers -> t ->> 0, followers -> t ->> 1, followers -> t ->> 0, followers -> t ->> 1);
    end loop;

    foreach t in array countywide loop
        execute format('grant select, insert, update, delete on register.%I to yzt_staff', t);
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
        execute format('create policy staff_write on register.%I to yzt_staff
                        using (register.my_units() = ''*'') with check (register.my_units() = ''*'')', t);
    end loop;

    foreach t in array working loop
        execute format('grant select, insert, update, delete on register.%I to yzt_staff', t);
        execute format('create policy staff_all on register.%I to yzt_staff using (true) with check (true)', t);
    end loop;

    foreach t in array words loop
        execute format('create policy everyone_reads on register.%I for select to public using (true)', t);
        execute format('grant select on register.%I to yzt_staff, yzt_public', t);
    end loop;

    execute 'grant select, insert on register.fact to yzt_staff';
    execute 'create policy staff_select on register.fact for select to yzt_staff using (true)';
    execute 'create policy staff_insert on register.fact for insert to yzt_staff
             with check (register.may_write_subject(county_code, subject_kind, subject_id))';
    execute 'grant select (code, name, name_en, survey_srid, time_zone, rule_set, public_decimals, is_default, is_sample, version, outline)
             on register.county to yzt_staff';
    execute 'create policy staff_select on register.county for select to yzt_staff using (true)';
    foreach t in array array['parcel_state', 'building_state', 'project_state'] loop
        execute format('grant select on register.%I to yzt_staff', t);
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
    end loop;
    execute 'grant insert on register.audit_entry to yzt_staff';
    execute 'create policy staff_insert on register.audit_entry for insert to yzt_staff with check (true)';
    execute 'grant select, insert, update, delete on all tables in schema register to yzt_admin';
    execute 'revoke update, delete, truncate on register.fact, register.audit_entry from yzt_admin';
end $$;

grant usage on all sequences in schema register to yzt_staff, yzt_admin;

-- Versions are read by staff through views of their own.
do $$
declare
    v text;
begin
    for v in select tablename from pg_tables where schemaname = 'register' and tablename like '%\_version' loop
        execute format('create view staff_data.%I as select * from register.%I', v || 's', v);
    end loop;
    grant select on all tables in schema open_data to yzt_public, yzt_staff, yzt_admin, yzt_app;
    grant select on all tables in schema staff_data to yzt_staff, yzt_admin;
    -- what was granted goes over to the new owner
    for v in select schemaname || '.' || quote_ident(viewname) from pg_views where schemaname in ('open_data', 'staff_data') loop
        execute 'alter view ' || v || ' owner to yzt_reader';
    end loop;
end $$;
