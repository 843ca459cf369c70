-- What constraints alone cannot say.

-- Shares of a project among units sum to 1 at commit, or there are none (IDX-04).
create function register.check_unit_shares() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    county text := case when tg_op = 'DELETE' then old.county_code else new.county_code end;
    project text := case when tg_op = 'DELETE' then old.project_code else new.project_code end;
    total numeric;
begin
    select sum(share) into total from project_unit_share where county_code = county and project_code = project;
    if total is not null and total <> 1 then
        raise exception 'the unit shares of project % sum to %, not 1', project, total using errcode = 'YZ400', column = 'unit_shares';
    end if;
    return null;
end $$;

create constraint trigger z_unit_shares after insert or update or delete on register.project_unit_share
    deferrable initially deferred for each row execute function register.check_unit_shares();

-- What is used of a quota never exceeds it; the quota's row is locked, so that two cannot take the last part at once.
create function register.check_quota() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    available numeric;
    used numeric;
begin
    select amount into available from quota where county_code = new.county_code and code = new.quota_code for update;
    select coalesce(sum(amount), 0) into used
    from quota_use where county_code = new.county_code and quota_code = new.quota_code and released_at is null;
    if used > available then
        raise exception 'quota % has % and % would be used', new.quota_code, available, used using errcode = 'YZ409';
    end if;
    return null;
end $$;

create constraint trigger z_quota after insert or update on register.quota_use
    for each row execute function register.check_quota();

-- A project is in one list at a time (LIFE-01).
alter table register.project_stage
    add constraint ex_project_stage_one_at_a_time
    exclude using gist (county_code with =, project_code with =, during with &&);

-- A thing of which facts are told stays: withdraw it instead.
create function register.refuse_delete_with_facts() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    if exists (select from fact f where f.county_code = old.county_code and f.subject_kind = tg_table_name and f.subject_id = old.id) then
        raise exception '% % has facts in the ledger; withdraw it instead of removing it', tg_table_name, old.code
            using errcode = 'YZ409';
    end if;
    return old;
end $$;

do $$
declare t text;
begin
    foreach t in array array['parcel', 'building', 'project', 'enterprise', 'park', 'policy_clause', 'unit'] loop
        execute format('create trigger a_refuse_delete_with_facts before delete on register.%I
                        for each row execute function register.refuse_delete_with_facts()', t);
    end loop;
end $$;

-- A county measures in a projected CRS that PostGIS knows (the command line checks that it is in metres).
create function register.check_county() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    if not exists (select from spatial_ref_sys s where s.srid = new.survey_srid and s.srtext like 'PROJCS%')
       or new.survey_srid = 3857 then
        raise exception 'EPSG:% is not a projected survey CRS', new.survey_srid using errcode = 'YZ400', column = 'survey_srid';
    end if;
    if not exists (select from pg_timezone_names where name = new.time_zone) then
        raise exception '% is not a time zone', new.time_zone using errcode = 'YZ400', column = 'time_zone';
    end if;
    if tg_op = 'UPDATE' then
        new.version := old.version + 1;
        new.updated_at := clock_timestamp();
    end if;
    return new;
end $$;

create trigger a_check_county before insert or update on register.county
    for each row execute function register.check_county();
