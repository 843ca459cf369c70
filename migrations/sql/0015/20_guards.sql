-- What a case may do is said by case_transition; these triggers hold every writer to it.

-- Events of a case that stand: neither retractions nor taken back, as known at an instant; in order.
create function register.standing_case_events(p_case bigint, known_at timestamptz) returns setof register.idle_case_event
language sql stable security definer set search_path = register, pg_catalog, pg_temp as $$
    select e.* from idle_case_event e
    where e.idle_case_id = p_case and e.retracts_event_id is null and e.recorded_at <= known_at
      and not exists (select from idle_case_event r where r.retracts_event_id = e.id and r.recorded_at <= known_at)
    order by e.id
$$;

-- Whether the answers of rules that come with an event are what a step needs: 'IDLE-02=yes', alternatives parted by |.
create function register.rules_said(needs text[], judged jsonb) returns boolean
language sql immutable parallel safe set search_path = pg_catalog as $$
    select coalesce(bool_and(coalesce((judged -> split_part(n, '=', 1) ->> 'holds')
                                      = any (string_to_array(split_part(n, '=', 2), '|')), false)), true)
    from unnest(needs) n
$$;

-- BEFORE INSERT on idle_case: only a lead of the parcel opens one; everything else of the row follows from its events.
create function register.check_case() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    said jsonb := jsonb_build_object(coalesce(new.finding ->> 'rule_id', ''), new.finding);
    t case_transition;
    parcel_code text;
begin
    new.recorded_at := recording_instant();
    new.recorded_by := coalesce(setting('yzt.account'), session_user);
    select p.code into parcel_code from parcel p where p.id = new.parcel_id and p.county_code = new.county_code for update;
    if not found then
        raise exception 'no such parcel' using errcode = 'YZ404', column = 'parcel_id';
    end if;
    if exists (select from idle_case c where c.parcel_id = new.parcel_id and c.is_open) then
        raise exception 'the parcel has an open case' using errcode = 'YZ409', column = 'parcel_id';
    end if;
    select * into t from case_transition x
    where x.from_state = 'NONE' and x.event = 'OPEN' and rules_said(x.needs, said) order by x.id limit 1;
    if t.id is null then
        raise exception 'only a lead that holds opens a case' using errcode = 'YZ409', column = 'finding';
    end if;
    if (new.finding ->> 'as_of') is distinct from new.opened_on::text then
        raise exception 'the lead is that of another day' using errcode = 'YZ400', column = 'opened_on';
    end if;
    new.limb := t.limbs[1];
    new.code := parcel_code || '.X' || (1 + (select count(*) from idle_case c where c.parcel_id = new.parcel_id));
    new.idle_since_on := (new.finding ->> 'since_on')::date;
    new.state := t.to_state;
    new.is_open := true;
    new.version := 1;
    new.cause := null;
    new.way := null;
    new.holder := null;
    new.determination_no := null;
    new.determined_on := null;
    new.published_on := null;
    new.closed_on := null;
    new.is_disputed := false;
    new.is_frozen := false;
    return new;
end $$;
create trigger a_check_case before insert on register.idle_case for each row execute function register.check_case();

create function register.open_case() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    insert into idle_case_event (idle_case_id, county_code, event, to_state, happened_on, judged, is_sample)
    values (new.id, new.county_code, 'OPEN', new.state, new.opened_on, jsonb_build_object(new.finding ->> 'rule_id', new.finding),
            new.is_sample);
    return null;
end $$;
create trigger b_open_case after insert on register.idle_case for each row execute function register.open_case();

-- The row of a case is written by its events alone.
create function register.refuse_case_by_hand() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' or pg_trigger_depth() < 2 then
        raise exception 'a case is changed by its events alone' using errcode = 'YZ403';
    end if;
    return new;
end $$;
create trigger a_refuse_by_hand before update or delete on register.idle_case
for each row execute function register.refuse_case_by_hand();
create trigger a_refuse_truncate before truncate on register.idle_case
for each statement execute function register.refuse_overwrite();

-- BEFORE INSERT on idle_case_event: a step that is not in the table of transitions, or comes without what it needs, is refused.
create function register.check_case_event() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    c idle_case;
    k case_event_kind;
    t case_transition;
    last idle_case_event;
    zone text;
    today date;
    given text[];
    name text;
begin
    select * into c from idle_case where id = new.idle_case_id for update;
    if not found or c.county_code <> new.county_code then
        raise exception 'no such case' using errcode = 'YZ404', column = 'idle_case_id';
    end if;
    new.recorded_at := recording_instant();
    new.recorded_by := coalesce(setting('yzt.account'), session_user);
    select x.time_zone into zone from county x where x.code = c.county_code;
    today := (clock_timestamp() at time zone zone)::date;
    select * into last from standing_case_events(c.id, 'infinity') order by id desc limit 1;

    if new.retracts_event_id is not null then
        if last.id is distinct from new.retracts_event_id then
            raise exception 'only the last step is taken back' using errcode = 'YZ409', column = 'retracts_event_id';
        end if;
        if not c.is_open or not coalesce((select x.may_be_taken_back from case_event_kind x where x.code = last.event), false)
           or last.from_state is null then
            raise exception 'this step is not taken back' using errcode = 'YZ409', column = 'retracts_event_id';
        end if;
        if coalesce(new.note, '') = '' then
            raise exception 'a step is taken back with a reason' using errcode = 'YZ400', column = 'note';
        end if;
        new.event := 'RETRACT';
        new.from_state := c.state;
        new.to_state := last.from_state;
        new.happened_on := today;
        new.judged := '{}';
        if num_nonnulls(new.document_no, new.url, new.holder, new.cause, new.way, new.new_due_on) > 0 then
            raise exception 'a row that takes a step back says only why' using errcode = 'YZ400', column = 'note';
        end if;
        return new;
    end if;

    select * into k from case_event_kind x where x.code = new.event;
    if not found or new.event = 'RETRACT' then
        raise exception 'there is no step %', new.event using errcode = 'YZ400', column = 'event';
    end if;
    new.from_state := case when last.id is null then 'NONE' else c.state end;
    select * into t from case_transition x
    where x.from_state = new.from_state and x.event = new.event
      and (x.limbs is null or coalesce(c.limb = any (x.limbs), false))
      and (x.causes is null or coalesce(coalesce(new.cause, c.cause) = any (x.causes), false))
      and (x.ways is null or coalesce(coalesce(new.way, c.way) = any (x.ways), false))
    order by x.id limit 1;
    if not found then
        if exists (select from case_transition x where x.from_state = new.from_state and x.event = new.event
                   and 'cause' = any (x.evidence)) then
            raise exception 'the cause is missing' using errcode = 'YZ400', column = 'cause';
        end if;
        raise exception 'no step % from %', new.event, new.from_state using errcode = 'YZ409', column = 'event';
    end if;
    new.to_state := t.to_state;
    if k.disputes is not distinct from c.is_disputed or k.freezes and (c.is_frozen or not c.is_disputed)
       or (not k.freezes and k.disputes is null and not c.is_frozen) then
        raise exception 'no step % in this dispute', new.event using errcode = 'YZ409', column = 'event';
    end if;

    if new.happened_on is null or new.happened_on < date '1900-01-01' or new.happened_on > today then
        raise exception 'happened_on % lies in the future', new.happened_on using errcode = 'YZ400', column = 'happened_on';
    end if;
    if new.happened_on < last.happened_on then
        raise exception 'happened_on % is before the step it follows', new.happened_on using errcode = 'YZ400', column = 'happened_on';
    end if;

    given := array_remove(array[
        case when coalesce(new.document_no, '') <> '' then 'document_no' end, case when coalesce(new.url, '') <> '' then 'url' end,
        case when coalesce(new.holder, '') <> '' then 'holder' end, case when new.cause is not null then 'cause' end,
        case when new.way is not null then 'way' end, case when new.new_due_on is not null then 'new_due_on' end,
        case when coalesce(new.note, '') <> '' then 'note' end], null);
    foreach name in array t.evidence loop
        if not name = any (given) then
            raise exception 'step % needs %', new.event, name using errcode = 'YZ400', column = name;
        end if;
    end loop;
    foreach name in array given loop
        if not name = any (t.evidence || array['document_no', 'url', 'note']) then
            raise exception 'step % has no %', new.event, name using errcode = 'YZ400', column = name;
        end if;
    end loop;
    if new.url is not null and new.url !~* '^https?://[^\s/]+' then
        raise exception 'the address is none of the web' using errcode = 'YZ400', column = 'url';
    end if;
    if new.way is not null and not exists (select from code_value v where v.list_code = 'disposal_way' and v.code = new.way) then
        raise exception 'there is no way %', new.way using errcode = 'YZ400', column = 'way';
    end if;
    if new.new_due_on is not null and (new.new_due_on < new.happened_on or new.new_due_on > date '2999-12-31') then
        raise exception 'the new date lies before it was agreed' using errcode = 'YZ400', column = 'new_due_on';
    end if;
    foreach name in array t.after_events loop
        if not exists (select from standing_case_events(c.id, 'infinity') e where e.event = name) then
            raise exception 'step % comes after %', new.event, name using errcode = 'YZ409', column = 'event';
        end if;
    end loop;
    if not rules_said(t.needs, new.judged) then
        raise exception 'step % needs %', new.event, t.needs using errcode = 'YZ409', column = 'judged';
    end if;
    return new;
end $$;
create trigger a_check_case_event before insert on register.idle_case_event
for each row execute function register.check_case_event();
create trigger a_refuse_overwrite before update or delete on register.idle_case_event
for each row execute function register.refuse_overwrite();
create trigger a_refuse_truncate before truncate on register.idle_case_event
for each statement execute function register.refuse_overwrite();

-- AFTER INSERT: what the rules read of the step is told to the ledger of facts, or taken back there; the case says what its standing
-- events make of it; the parcel has a new version.
create function register.follow_case_event() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    c idle_case;
    t case_transition;
    kind text;
    told text;
    value_type text;
    fact_id bigint;
    gone record;
begin
    select * into c from idle_case where id = new.idle_case_id;
    if new.retracts_event_id is null then
        select * into t from case_transition x
        where x.from_state = new.from_state and x.event = new.event
          and (x.limbs is null or coalesce(c.limb = any (x.limbs), false))
          and (x.causes is null or coalesce(coalesce(new.cause, c.cause) = any (x.causes), false))
          and (x.ways is null or coalesce(coalesce(new.way, c.way) = any (x.ways), false))
        order by x.id limit 1;
        for kind, told in select * from jsonb_each_text(t.records) order by 1 loop
            told := case told when 'happened_on' then new.happened_on::text when 'new_due_on' then new.new_due_on::text
                              when 'cause' then new.cause else told end;
            select k.value_type into value_type from fact_kind k where k.code = kind;
            insert into fact (county_code, subject_kind, subject_id, kind, value_date, value_text, value_bool, effective_on, document_no,
                              note, is_sample)
            values (c.county_code, 'parcel', c.parcel_id, kind, case when value_type = 'date' then told::date end,
                    case when value_type in ('code', 'text') then told end, case when value_type = 'bool' then told::boolean end,
                    new.happened_on, new.document_no, c.code, new.is_sample)
            returning id into fact_id;
            insert into idle_case_fact (idle_case_event_id, fact_id, county_code) values (new.id, fact_id, c.county_code);
        end loop;
    else
        for gone in
            select f.* from idle_case_fact x join fact f on f.id = x.fact_id
            where x.idle_case_event_id = new.retracts_event_id and not exists (select from fact r where r.retracts_fact_id = f.id)
        loop
            insert into fact (county_code, subject_kind, subject_id, kind, effective_on, retracts_fact_id, note, is_sample)
            values (gone.county_code, 'parcel', gone.subject_id, gone.kind, gone.effective_on, gone.id, c.code, new.is_sample);
        end loop;
    end if;
    update idle_case u
    set state = s.state, is_open = k.is_open, cause = s.cause, way = s.way, holder = s.holder, determination_no = s.determination_no,
        determined_on = s.determined_on, published_on = s.published_on, closed_on = case when not k.is_open then s.last_on end,
        is_disputed = coalesce(s.disputed, false), is_frozen = coalesce(s.frozen, false), version = u.version + 1,
        updated_at = clock_timestamp()
    from (
        select (array_agg(e.to_state order by e.id desc))[1] as state, max(e.happened_on) as last_on,
               (array_agg(e.cause order by e.id desc) filter (where e.cause is not null))[1] as cause,
               (array_agg(e.way order by e.id desc) filter (where e.way is not null))[1] as way,
               (array_agg(e.holder order by e.id desc) filter (where e.holder is not null))[1] as holder,
               max(e.document_no) filter (where e.event = 'LETTER_ISSUED') as determination_no,
               max(e.happened_on) filter (where e.event = 'LETTER_ISSUED') as determined_on,
               max(e.happened_on) filter (where e.event = 'PUBLICATION') as published_on,
               (array_agg(d.disputes order by e.id desc) filter (where d.disputes is not null))[1] as disputed,
               (array_agg(d.freezes order by e.id desc) filter (where d.freezes is not null))[1] as frozen
        from standing_case_events(new.idle_case_id, 'infinity') e
        left join case_event_kind d on d.code = e.event
    ) s
    join case_state k on k.code = s.state
    where u.id = new.idle_case_id;
    update parcel set updated_at = clock_timestamp() where id = c.parcel_id;
    return null;
end $$;
create trigger b_follow_case_event after insert on register.idle_case_event
for each row execute function register.follow_case_event();

-- BEFORE INSERT on finding_override: it speaks of the answer that is kept now.
create function register.check_override() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    target finding_override;
    f finding;
begin
    new.recorded_at := recording_instant();
    new.recorded_by := coalesce(setting('yzt.account'), session_user);
    perform from parcel p where p.id = new.parcel_id and p.county_code = new.county_code for update;
    if not found then
        raise exception 'no such parcel' using errcode = 'YZ404', column = 'parcel_id';
    end if;
    if new.retracts_override_id is not null then
        select * into target from finding_override where id = new.retracts_override_id;
        if not found or target.county_code <> new.county_code or target.parcel_id <> new.parcel_id or target.rule_id <> new.rule_id
           or target.reason is null then
            raise exception 'a row can only take back an override of the same lead' using errcode = 'YZ400', column = 'retracts_override_id';
        end if;
    end if;
    new.rule_version := null;
    new.holds := null;
    new.result := null;
    new.level := null;
    if new.reason is null then
        return new;
    end if;
    if exists (select from finding_override o where o.parcel_id = new.parcel_id and o.rule_id = new.rule_id and o.reason is not null
               and o.id is distinct from new.retracts_override_id
               and not exists (select from finding_override r where r.retracts_override_id = o.id)) then
        raise exception 'the lead has an override already' using errcode = 'YZ409', column = 'rule_id';
    end if;
    select * into f from finding x
    where x.county_code = new.county_code and x.subject_kind = 'parcel' and x.subject_id = new.parcel_id and x.rule_id = new.rule_id
      and x.holds in ('yes', 'unknown');
    if not found then
        raise exception 'no such lead' using errcode = 'YZ404', column = 'rule_id';
    end if;
    new.rule_version := f.rule_version;
    new.holds := f.holds;
    new.result := f.result;
    new.level := f.level;
    return new;
end $$;
create trigger a_check_override before insert on register.finding_override
for each row execute function register.check_override();
create trigger a_refuse_overwrite before update or delete on register.finding_override
for each row execute function register.refuse_overwrite();
create trigger a_refuse_truncate before truncate on register.finding_override
for each statement execute function register.refuse_overwrite();

create trigger z_touch_parcels after insert on register.finding_override referencing new table as new_rows
for each statement execute function register.touch_paused_parcels();

-- A parcel of which a case is told stays: withdraw it instead.
create function register.refuse_delete_with_cases() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    if exists (select from idle_case c where c.parcel_id = old.id)
       or exists (select from finding_override o where o.parcel_id = old.id) then
        raise exception 'parcel % has a case in the ledger; withdraw it instead of removing it', old.code using errcode = 'YZ409';
    end if;
    return old;
end $$;
create trigger a_refuse_delete_with_cases before delete on register.parcel
for each row execute function register.refuse_delete_with_cases();
