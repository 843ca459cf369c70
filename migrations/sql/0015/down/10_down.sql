drop view open_data.idle_land, staff_data.case_states, staff_data.case_event_kinds, staff_data.case_transitions,
staff_data.case_deadlines, staff_data.idle_cases, staff_data.idle_case_events, staff_data.finding_overrides;
drop trigger a_refuse_delete_with_cases on register.parcel;
drop table register.idle_case_fact, register.finding_override, register.case_transition, register.case_deadline,
register.case_event_kind, register.case_state;
drop trigger a_check_case on register.idle_case;
drop trigger b_open_case on register.idle_case;
drop trigger a_refuse_by_hand on register.idle_case;
drop trigger a_refuse_truncate on register.idle_case;
drop trigger a_check_case_event on register.idle_case_event;
drop trigger b_follow_case_event on register.idle_case_event;
drop trigger a_refuse_overwrite on register.idle_case_event;
drop trigger a_refuse_truncate on register.idle_case_event;
drop function register.check_case(), register.open_case(), register.refuse_case_by_hand(), register.check_case_event(),
register.follow_case_event(), register.check_override(), register.refuse_delete_with_cases(),
register.rules_said(text[], jsonb), register.standing_case_events(bigint, timestamptz);
drop index register.uq_idle_case_open, register.ix_idle_case_parcel, register.ix_idle_case_event_case,
register.uq_idle_case_event_retracts;
alter table register.idle_case
drop column is_open, drop column finding, drop column idle_since_on, drop column way, drop column holder, drop column determination_no,
drop column determined_on, drop column published_on, drop column is_frozen, drop column is_sample, drop column recorded_at,
drop column recorded_by, drop column updated_at;
alter table register.idle_case_event
drop column from_state, drop column document_no, drop column url, drop column holder, drop column cause, drop column way,
drop column new_due_on, drop column judged, drop column retracts_event_id, drop column is_sample;
alter table register.idle_case_event alter column recorded_at set default clock_timestamp();
drop policy staff_select on register.idle_case;
drop policy staff_insert on register.idle_case;
drop policy staff_select on register.idle_case_event;
drop policy staff_insert on register.idle_case_event;
do $$
declare
    t text;
begin
    foreach t in array array['idle_case', 'idle_case_event'] loop
        execute format('create policy staff_all on register.%I to yzt_staff using (true) with check (true)', t);
        execute format('grant select, insert, update, delete on register.%I to yzt_staff, yzt_admin', t);
    end loop;
end $$;
