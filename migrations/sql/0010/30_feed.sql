-- The change feed learns what the public knew before (a thing that is hidden must be told as gone) and which fields changed.

alter table register.event_outbox add column was_public boolean not null default false;
-- was_public: the public saw the thing before this change

-- AFTER DELETE on project_state: which projects the public saw until now, for the rest of the transaction.
create function register.remember_public_projects() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare ids text;
begin
    select string_agg(o.project_id::text, ',') into ids from old_rows o
    where o.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY');
    if ids is not null then
        perform set_config('yzt.public_projects', concat_ws(',', register.setting('yzt.public_projects'), ids), true);
    end if;
    return null;
end $$;
create trigger a_remember_public after delete on register.project_state referencing old table as old_rows
    for each statement execute function register.remember_public_projects();

-- SQL that says whether the public sees (`n`) or saw (`o`) a row of a table of things.
create function register.public_test(p_table text, p_row text) returns text
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

create or replace function register.announce() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    account text := coalesce(register.setting('yzt.account'), session_user);
    request text := register.setting('yzt.request_id');
    source text := case tg_op when 'INSERT' then 'new_rows n' when 'DELETE' then 'old_rows o'
                   else 'new_rows n join old_rows o on o.id = n.id and n.version is distinct from o.version' end;
    r text := case tg_op when 'DELETE' then 'o' else 'n' end;
    row_limit constant int := 100;
    fields text := '''{}''::text[]';
    n bigint;
begin
    execute format('select count(*) from %s', source) into n;
    if n = 0 then
        return null;
    end if;
    if tg_nargs > 0 then
        if tg_op = 'UPDATE' then
            select format('array_remove(array[%s], null)',
                          string_agg(format('case when n.%1$I is distinct from o.%1$I then %1$L end', a.attname), ', ' order by a.attnum))
            into fields
            from pg_attribute a
            where a.attrelid = tg_relid and a.attnum > 0 and not a.attisdropped
              and a.attname not in ('version', 'updated_at', 'updated_by', 'geom_public', 'tile_geom', 'tile_geom_public', 'extra');
            if n <= row_limit then  -- what was recorded of it as facts
                fields := fields || format(
                    ' || coalesce((select array_agg(distinct case f.kind when ''building_status'' then ''status'' else f.kind end)
                       from register.fact f where f.county_code = n.county_code and f.subject_kind = %L and f.subject_id = n.id
                         and f.recorded_at = register.recording_instant()), ''{}'')', tg_table_name);
            end if;
        end if;
        execute format(
            'insert into register.event_outbox (county_code, collection, code, subject_version, is_public, was_public, fields)
             select %1$s.county_code, %2$s, %1$s.code, %1$s.version, %3$s, %4$s, %5$s from %6$s', r,
            case tg_table_name
                when 'park' then format('case when %s.kind = ''featured_town'' then ''featured_towns'' else ''parks'' end', r)
                else quote_literal(tg_argv[0]) end,
            case tg_op when 'DELETE' then 'false' else register.public_test(tg_table_name, 'n') end,
            case tg_op when 'INSERT' then 'false' else register.public_test(tg_table_name, 'o') end, fields, source);
    end if;
    if n <= row_limit then
        execute format(
            'insert into register.audit_entry (county_code, account, action, object_kind, object_id, request_id)
             select %1$s.county_code, $1, lower($2), $3, %1$s.code, $4
             from %2$s', r, source)
            using account, tg_op, tg_table_name, request;
    else
        execute format(
            'insert into register.audit_entry (county_code, account, action, object_kind, request_id, detail)
             select min(%1$s.county_code), $1, lower($2), $3, $4, jsonb_build_object(''rows'', count(*)) from %2$s', r, source)
            using account, tg_op, tg_table_name, request;
    end if;
    return null;
end $$;
