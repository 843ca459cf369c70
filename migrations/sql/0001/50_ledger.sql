-- The ledger guards itself: typed values, no future, nothing overwritten; and keeps the typed state of now.

create function register.subject_table(kind text) returns text
language sql immutable parallel safe as
$$ select case kind when 'policy_clause' then 'policy_clause' when 'park_work' then 'park_work' else kind end $$;

-- BEFORE INSERT on fact.
create function register.check_fact() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    k fact_kind;
    target fact;
    zone text;
    found_subject boolean;
begin
    new.recorded_at := recording_instant();
    new.recorded_by := coalesce(setting('yzt.account'), session_user);
    select * into k from fact_kind where code = new.kind;
    if not found then
        raise exception 'unknown fact kind %', new.kind using errcode = 'YZ400', column = 'kind';
    end if;
    if not new.subject_kind = any (k.subject_kinds) then
        raise exception 'a % cannot have the fact %', new.subject_kind, new.kind using errcode = 'YZ400', column = 'kind';
    end if;
    execute format('select exists (select from register.%I where id = $1 and county_code = $2)', subject_table(new.subject_kind))
        into found_subject using new.subject_id, new.county_code;
    if not found_subject then
        raise exception 'no such %', new.subject_kind using errcode = 'YZ404', column = 'subject_id';
    end if;
    if num_nonnulls(new.value_date, new.value_number, new.value_text, new.value_bool) = 1
       and (case k.value_type when 'date' then new.value_date is null when 'number' then new.value_number is null
            when 'bool' then new.value_bool is null else new.value_text is null end) then
        raise exception 'the fact % takes a value of type %', new.kind, k.value_type using errcode = 'YZ400', column = 'value';
    end if;
    if new.value_number in ('NaN', 'Infinity', '-Infinity') then
        raise exception 'the fact % takes a finite number', new.kind using errcode = 'YZ400', column = 'value';
    end if;
    if k.value_type = 'code' and new.value_text is not null
       and not exists (select from code_value v where v.list_code = k.code_list and v.code = new.value_text) then
        raise exception '% is not in the code list %', new.value_text, k.code_list using errcode = 'YZ400', column = 'value';
    end if;
    select c.time_zone into zone from county c where c.code = new.county_code;
    if not k.may_be_future and new.effective_on > (clock_timestamp() at time zone zone)::date then
        raise exception 'effective_on % lies in the future', new.effective_on using errcode = 'YZ400', column = 'effective_on';
    end if;
    if new.retracts_fact_id is not null then
        select * into target from fact where id = new.retracts_fact_id;
        if not found or target.county_code <> new.county_code or target.subject_kind <> new.subject_kind
           or target.subject_id <> new.subject_id or target.kind <> new.kind then
            raise exception 'a fact can only retract one of the same subject and kind' using errcode = 'YZ400', column = 'retracts_fact_id';
        end if;
    end if;
    return new;
end $$;

create trigger a_check_fact before insert on register.fact for each row execute function register.check_fact();

-- Nothing in the ledger is overwritten or removed, by anybody.
create function register.refuse_overwrite() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'rows of % are never changed or removed; record a new one', tg_table_name using errcode = 'YZ403';
end $$;

create trigger a_refuse_overwrite before update or delete on register.fact
    for each row execute function register.refuse_overwrite();
create trigger a_refuse_truncate before truncate on register.fact
    for each statement execute function register.refuse_overwrite();
create trigger a_refuse_overwrite before update or delete on register.audit_entry
    for each row execute function register.refuse_overwrite();

-- The facts that hold on the civil date `as_of`, as known at the instant `known_at`: per subject and kind the one with the
-- latest effective_on, then the latest recorded. `ids` null = all of the county.
create function register.effective_facts(p_county text, p_subject_kind text, ids bigint[], as_of date, known_at timestamptz)
returns setof register.fact
language sql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
    select distinct on (f.subject_id, f.kind) f.*
    from fact f
    where f.county_code = p_county and f.subject_kind = p_subject_kind and (ids is null or f.subject_id = any (ids))
      and f.effective_on <= as_of and f.recorded_at <= known_at
      and num_nonnulls(f.value_date, f.value_number, f.value_text, f.value_bool) = 1
      and not exists (select from fact r where r.retracts_fact_id = f.id and r.recorded_at <= known_at)
    order by f.subject_id, f.kind, f.effective_on desc, f.id desc
$$;

-- The typed state of parcels on a day, as known at an instant.
create function register.parcel_state_at(p_county text, ids bigint[], as_of date, known_at timestamptz)
returns setof register.parcel_state
language sql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
    with v as (
        select subject_id,
               max(value_text) filter (where kind = 'status') as status,
               max(value_date) filter (where kind = 'approved_on') as approved_on,
               max(value_text) filter (where kind = 'supply_method') as supply_method,
               max(value_date) filter (where kind = 'contract_on') as contract_on,
               max(value_number) filter (where kind = 'land_price_wan_cny') as land_price_wan_cny,
               max(value_date) filter (where kind = 'agreed_delivery_on') as agreed_delivery_on,
               max(value_date) filter (where kind = 'delivered_on') as delivered_on,
               max(value_date) filter (where kind = 'agreed_start_on') as agreed_start_on,
               max(value_date) filter (where kind = 'started_on') as started_on,
               max(value_date) filter (where kind = 'suspended_since_on') as suspended_since_on,
               max(value_date) filter (where kind = 'resumed_on') as resumed_on,
               max(value_date) filter (where kind = 'agreed_completion_on') as agreed_completion_on,
               max(value_date) filter (where kind = 'completed_on') as completed_on,
               max(value_date) filter (where kind = 'agreed_production_on') as agreed_production_on,
               max(value_date) filter (where kind = 'produced_on') as produced_on,
               max(value_date) filter (where kind = 'agreed_capacity_on') as agreed_capacity_on,
               max(value_text) filter (where kind = 'delay_cause') as delay_cause
        from effective_facts(p_county, 'parcel', ids, as_of, known_at)
        group by subject_id
    )
    select subject_id, status,
           case when produced_on <= as_of then 'PRODUCING' when completed_on <= as_of then 'BUILT'
                when started_on <= as_of then 'STARTED' when contract_on <= as_of then 'SUPPLIED'
                when approved_on <= as_of then 'APPROVED' end,
           approved_on, supply_method, contract_on, land_price_wan_cny, agreed_delivery_on, delivered_on, agreed_start_on,
           started_on, case when resumed_on >= suspended_since_on then null else suspended_since_on end,
           agreed_completion_on, completed_on, agreed_production_on, produced_on, agreed_capacity_on, delay_cause, p_county
    from v
$$;

create function register.building_state_at(p_county text, ids bigint[], as_of date, known_at timestamptz)
returns setof register.building_state
language sql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
    select subject_id, max(value_text) filter (where kind = 'building_status'),
           max(value_number) filter (where kind = 'vacant_area_m2'), max(value_date) filter (where kind = 'completed_on'), p_county
    from effective_facts(p_county, 'building', ids, as_of, known_at) group by subject_id
$$;

create function register.project_state_at(p_county text, ids bigint[], as_of date, known_at timestamptz)
returns setof register.project_state
language sql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
    select subject_id, max(value_text) filter (where kind = 'stage'), max(effective_on) filter (where kind = 'stage'),
           max(value_date) filter (where kind = 'signed_on'), p_county
    from effective_facts(p_county, 'project', ids, as_of, known_at) group by subject_id
$$;

-- AFTER STATEMENT on fact: brings the state of the touched subjects up to date and touches the subjects, so that their
-- version, their ETag and the change feed say that something is new.
create function register.project_state_of_now() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    t record;
begin
    for t in
        select county_code, subject_kind, array_agg(distinct subject_id) as ids from new_rows group by 1, 2
    loop
        if t.subject_kind in ('parcel', 'building', 'project') then
            execute format('delete from register.%I where %I = any ($1)', t.subject_kind || '_state', t.subject_kind || '_id')
                using t.ids;
            execute format('insert into register.%1$I select * from register.%2$I($1, $2, (clock_timestamp() at time zone
                                (select time_zone from register.county where code = $1))::date, ''infinity'')',
                           t.subject_kind || '_state', t.subject_kind || '_state_at')
                using t.county_code, t.ids;
        end if;
        if t.subject_kind in ('parcel', 'building', 'project', 'enterprise', 'park', 'policy_clause') then
            execute format('update register.%I set updated_at = clock_timestamp() where id = any ($1)', t.subject_kind) using t.ids;
        end if;
    end loop;
    return null;
end $$;

create trigger z_project_state after insert on register.fact referencing new table as new_rows
    for each statement execute function register.project_state_of_now();

-- Facts that may lie in the future come into force by themselves: the worker calls this after midnight of the county.
create function register.refresh_state(p_county text) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    kind text;
begin
    foreach kind in array array['parcel', 'building', 'project'] loop
        execute format('delete from register.%I where county_code = $1', kind || '_state') using p_county;
        execute format('insert into register.%1$I select * from register.%2$I($1, null, (clock_timestamp() at time zone
                            (select time_zone from register.county where code = $1))::date, ''infinity'')',
                       kind || '_state', kind || '_state_at') using p_county;
    end loop;
end $$;
