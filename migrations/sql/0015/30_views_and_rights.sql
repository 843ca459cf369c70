-- Staff of the parcel's unit tell of cases; nobody changes or removes a row. The public sees holder, place and time of what stands
-- published, and nothing else (IDLE-24).

create view staff_data.case_states as
select code, is_open, is_public, sort_no from register.case_state;

create view staff_data.case_event_kinds as
select code, disputes, freezes, may_be_taken_back, sort_no from register.case_event_kind;

create view staff_data.case_transitions as
select id, from_state, event, to_state, limbs, causes, ways, evidence, after_events, needs, records, source, law, article, confidence
from register.case_transition;

create view staff_data.case_deadlines as
select code, starts, states, met_by, parameter, name, name_en, law, article, confidence, sort_no from register.case_deadline;

create view staff_data.idle_cases as
select c.id, c.county_code, c.code, c.parcel_id, p.code as parcel_code, p.name as parcel_name, p.name_en as parcel_name_en,
       p.unit_code, p.town_code, p.version as parcel_version, c.state, c.is_open, c.limb, c.cause, c.way, c.holder, c.opened_on,
       c.closed_on, c.idle_since_on, c.finding, c.determination_no, c.determined_on, c.published_on, c.is_disputed, c.is_frozen,
       c.is_sample, c.version, c.recorded_at, c.recorded_by
from register.idle_case c
join register.parcel p on p.id = c.parcel_id;

create view staff_data.idle_case_events as
select e.id, e.county_code, e.idle_case_id, e.event, e.from_state, e.to_state, e.happened_on, e.document_id, e.document_no, e.url,
       e.holder, e.cause, e.way, e.new_due_on, e.judged, e.note, e.recorded_at, e.recorded_by, e.retracts_event_id,
       r.id as retracted_by_event_id, r.recorded_at as retracted_at, r.recorded_by as retracted_by, r.note as retracted_because,
       e.is_sample
from register.idle_case_event e
left join register.idle_case_event r on r.retracts_event_id = e.id;

create view staff_data.finding_overrides as
select o.id, o.county_code, o.parcel_id, o.rule_id, o.rule_version, o.holds, o.result, o.level, o.reason, o.document_no, o.note,
       o.recorded_at, o.recorded_by, o.retracts_override_id, r.id as retracted_by_override_id, r.recorded_at as retracted_at,
       r.recorded_by as retracted_by, o.is_sample
from register.finding_override o
left join register.finding_override r on r.retracts_override_id = o.id
where o.reason is not null;

create view open_data.idle_land as
select c.county_code, c.holder, p.name as location, p.name_en as location_en, a.name as town, a.name_en as town_en,
       c.idle_since_on, c.published_on, c.is_sample
from register.idle_case c
join register.case_state s on s.code = c.state and s.is_public
join register.parcel p on p.id = c.parcel_id
left join register.admin_area a on a.county_code = p.county_code and a.code = p.town_code
where c.published_on is not null;

revoke all on function register.standing_case_events(bigint, timestamptz), register.rules_said(text[], jsonb), register.check_case(),
register.open_case(), register.refuse_case_by_hand(), register.check_case_event(), register.follow_case_event(),
register.check_override(), register.refuse_delete_with_cases() from public;

drop policy staff_all on register.idle_case;
drop policy staff_all on register.idle_case_event;
revoke update, delete, truncate on register.idle_case, register.idle_case_event from yzt_staff, yzt_admin;

do $$
declare
    t text;
begin
    foreach t in array array['case_state', 'case_event_kind', 'case_transition', 'case_deadline', 'idle_case_fact', 'finding_override'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('grant select on register.%I to yzt_reader, yzt_admin', t);
    end loop;
    foreach t in array array['case_state', 'case_event_kind', 'case_transition', 'case_deadline'] loop
        execute format('create trigger a_refuse_overwrite before update or delete on register.%I
                        for each row execute function register.refuse_overwrite()', t);
    end loop;
    foreach t in array array['idle_case', 'idle_case_event', 'finding_override'] loop
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
    end loop;
end $$;
grant select, insert on register.finding_override to yzt_staff, yzt_admin;
create policy staff_insert on register.finding_override for insert to yzt_staff
with check (register.may_write_subject(county_code, 'parcel', parcel_id));
create policy staff_insert on register.idle_case for insert to yzt_staff
with check (register.may_write_subject(county_code, 'parcel', parcel_id));
create policy staff_insert on register.idle_case_event for insert to yzt_staff
with check (
    exists (
        select from register.idle_case c
        where c.id = idle_case_id and register.may_write_subject(c.county_code, 'parcel', c.parcel_id)
    )
);
grant usage on all sequences in schema register to yzt_staff, yzt_admin;

grant create on schema staff_data, open_data to yzt_reader;
do $$
declare
    v text;
begin
    foreach v in array array['case_states', 'case_event_kinds', 'case_transitions', 'case_deadlines', 'idle_cases', 'idle_case_events',
                             'finding_overrides'] loop
        execute format('alter view staff_data.%I owner to yzt_reader', v);
        execute format('grant select on staff_data.%I to yzt_staff, yzt_admin', v);
    end loop;
end $$;
alter view open_data.idle_land owner to yzt_reader;
grant select on open_data.idle_land to yzt_public, yzt_staff, yzt_admin;
revoke create on schema staff_data, open_data from yzt_reader;
