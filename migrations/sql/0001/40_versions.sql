-- Versions, change feed and trail of every registry table, by trigger.

-- BEFORE UPDATE: a change makes a version; an update that changes nothing makes none. `updated_at` alone is a touch.
create function register.bump_version() returns trigger
language plpgsql set search_path = register, public, pg_catalog, pg_temp as $$
begin
    new.version := old.version;
    new.updated_by := old.updated_by;
    if new is distinct from old then
        new.version := old.version + 1;
        new.updated_by := coalesce(register.setting('yzt.account'), '');
        new.updated_at := clock_timestamp();
    end if;
    return new;
end $$;

-- BEFORE INSERT: whoever inserts does not choose version, time or author.
create function register.first_version() returns trigger
language plpgsql set search_path = register, public, pg_catalog, pg_temp as $$
begin
    new.version := 1;
    new.updated_by := coalesce(register.setting('yzt.account'), '');
    return new;
end $$;

-- AFTER STATEMENT: writes `<table>_version`. Two changes of a row in one transaction are one version. A version begins at
-- the transaction's recording instant, or just after the version it follows, whichever is later.
create function register.record_version() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    versions text := format('register.%I', tg_table_name || '_version');
    instant timestamptz := register.recording_instant();
    account text := coalesce(register.setting('yzt.account'), session_user);
    cols text;
    new_cols text;
    changed_ids bigint[];
begin
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum),
           string_agg('n.' || quote_ident(a.attname), ', ' order by a.attnum)
    into cols, new_cols
    from pg_attribute a
    where a.attrelid = versions::regclass and a.attnum > 0 and not a.attisdropped
      and a.attname not in ('version_id', 'recorded_during', 'recorded_xid', 'recorded_by');

    if tg_op = 'INSERT' then
        execute format('insert into %s (%s, recorded_during, recorded_xid, recorded_by)
                        select %s, tstzrange($1, null), pg_current_xact_id(), $2 from new_rows', versions, cols, cols)
            using instant, account;
        return null;
    end if;

    if tg_op = 'UPDATE' then
        select array_agg(n.id) into changed_ids
        from new_rows n join old_rows o on o.id = n.id
        where n.version is distinct from o.version;
    else
        select array_agg(o.id) into changed_ids from old_rows o;
    end if;
    if changed_ids is null then
        return null;
    end if;

    execute format(
        'with same_transaction as (
             delete from %1$s v
             where v.id = any ($1) and upper_inf(v.recorded_during) and v.recorded_xid = pg_current_xact_id()
             returning v.id, lower(v.recorded_during) as began
         ), closed as (
             update %1$s v
             set recorded_during = tstzrange(lower(v.recorded_during),
                                             greatest($2, lower(v.recorded_during) + interval ''1 microsecond''))
             where v.id = any ($1) and upper_inf(v.recorded_during) and v.recorded_xid <> pg_current_xact_id()
             returning v.id, upper(v.recorded_during) as began
         ), begins as (
             select id, began from same_transaction union all select id, began from closed
         ) ' || case when tg_op = 'DELETE' then 'select count(*) from begins' else
        'insert into %1$s (%2$s, recorded_during, recorded_xid, recorded_by)
         select %3$s, tstzrange(coalesce(b.began, $2), null), pg_current_xact_id(), $3
         from new_rows n left join begins b on b.id = n.id
         where n.id = any ($1)' end, versions, cols, new_cols)
        using changed_ids, instant, account;
    return null;
end $$;

-- AFTER STATEMENT: the change feed and the trail. A statement over many rows leaves one entry in the trail that says so.
create function register.announce() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    account text := coalesce(register.setting('yzt.account'), session_user);
    request text := register.setting('yzt.request_id');
    source text := case tg_op when 'INSERT' then 'new_rows' when 'DELETE' then 'old_rows'
                   else '(select n.* from new_rows n join old_rows o on o.id = n.id where n.version is distinct from o.version)' end;
    row_limit constant int := 100;
    n bigint;
begin
    execute format('select count(*) from %s r', source) into n;
    if n = 0 then
        return null;
    end if;
    if tg_nargs > 0 then
        execute format(
            'insert into register.event_outbox (county_code, collection, code, subject_version, is_public)
             select r.county_code, %s, r.code, r.version, r.publication_state = ''published'' from %s r',
            case tg_table_name
                when 'park' then 'case when r.kind = ''featured_town'' then ''featured_towns'' else ''parks'' end'
                else quote_literal(tg_argv[0]) end, source);
    end if;
    if n <= row_limit then
        execute format(
            'insert into register.audit_entry (county_code, account, action, object_kind, object_id, request_id)
             select r.county_code, $1, lower($2), $3, r.code, $4
             from %s r', source)
            using account, tg_op, tg_table_name, request;
    else
        execute format(
            'insert into register.audit_entry (county_code, account, action, object_kind, request_id, detail)
             select min(r.county_code), $1, lower($2), $3, $4, jsonb_build_object(''rows'', count(*)) from %s r', source)
            using account, tg_op, tg_table_name, request;
    end if;
    return null;
end $$;

do $$
declare
    t text;
    feed text;
begin
    for t, feed in
        select * from (values
            ('admin_area', 'admin_areas'), ('park', 'parks'), ('parcel', 'parcels'), ('building', 'buildings'),
            ('project', 'projects'), ('enterprise', 'enterprises'), ('policy_clause', 'policies'),
            ('transport_feature', 'transport'), ('planning_control', 'controls'),
            ('unit', null), ('policy', null), ('building_space', null)) as v (t, feed)
    loop
        execute format('create trigger b_first_version before insert on register.%I
                        for each row execute function register.first_version()', t);
        execute format('create trigger b_bump_version before update on register.%I
                        for each row execute function register.bump_version()', t);
        execute format('create trigger y_version_insert after insert on register.%I referencing new table as new_rows
                        for each statement execute function register.record_version()', t);
        execute format('create trigger y_version_update after update on register.%I referencing old table as old_rows new table as new_rows
                        for each statement execute function register.record_version()', t);
        execute format('create trigger y_version_delete after delete on register.%I referencing old table as old_rows
                        for each statement execute function register.record_version()', t);
        execute format('create trigger z_announce_insert after insert on register.%I referencing new table as new_rows
                        for each statement execute function register.announce(%s)', t, coalesce(quote_literal(feed), ''));
        execute format('create trigger z_announce_update after update on register.%I referencing old table as old_rows new table as new_rows
                        for each statement execute function register.announce(%s)', t, coalesce(quote_literal(feed), ''));
        execute format('create trigger z_announce_delete after delete on register.%I referencing old table as old_rows
                        for each statement execute function register.announce(%s)', t, coalesce(quote_literal(feed), ''));
    end loop;
end $$;
