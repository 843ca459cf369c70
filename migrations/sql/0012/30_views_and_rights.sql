-- Staff of the parcel's unit tell of pauses; nobody changes or removes one. The public sees nothing of them.

create view staff_data.pause_causes as
select code, kind, stops_clock, name, name_en, law, article, source, sort_no
from register.pause_cause;

create view staff_data.clock_pauses as
select p.id, p.county_code, p.parcel_id, p.from_on, p.to_on, p.cause, c.kind, c.stops_clock, c.name as cause_zh, c.name_en as cause_en,
       c.law, c.article, p.document_id, p.document_no, p.note, p.recorded_at, p.recorded_by, p.retracts_pause_id,
       r.id as retracted_by_pause_id, r.recorded_at as retracted_at, r.recorded_by as retracted_by, p.is_sample
from register.clock_pause p
join register.pause_cause c on c.code = p.cause
left join register.clock_pause r on r.retracts_pause_id = p.id;

revoke all on function register.check_pause(), register.touch_paused_parcels(), register.refuse_delete_with_pauses(),
    register.stamp_recording(), register.parcel_pauses(text, bigint[], date, timestamptz),
    register.extended(datemultirange, date, date), register.running_years(datemultirange, date, date),
    register.shown_pauses(datemultirange), register.is_working_day(text, date, timestamptz),
    register.working_day(text, date, timestamptz), register.working_days(text, date, date, timestamptz),
    register.calendar_covers(text, date, timestamptz), register.parameter_parts(text, text, date, timestamptz),
    register.parameter_shown(text, text, date, timestamptz) from public;
grant execute on function register.parcel_pauses(text, bigint[], date, timestamptz),
    register.extended(datemultirange, date, date), register.running_years(datemultirange, date, date),
    register.shown_pauses(datemultirange), register.is_working_day(text, date, timestamptz),
    register.working_day(text, date, timestamptz), register.working_days(text, date, date, timestamptz),
    register.calendar_covers(text, date, timestamptz), register.parameter_parts(text, text, date, timestamptz),
    register.parameter_shown(text, text, date, timestamptz) to yzt_staff, yzt_admin;

do $$
declare
    t text;
begin
    foreach t in array array['clock_pause', 'pause_cause'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
        execute format('grant select on register.%I to yzt_reader, yzt_staff, yzt_admin', t);
    end loop;
end $$;
grant insert on register.clock_pause to yzt_staff, yzt_admin;
create policy staff_insert on register.clock_pause for insert to yzt_staff
with check (register.may_write_subject(county_code, 'parcel', parcel_id));
grant usage on all sequences in schema register to yzt_staff, yzt_admin;
revoke update, delete, truncate on register.parameter, register.work_calendar from yzt_admin;

grant create on schema staff_data to yzt_reader;
do $$
declare
    v text;
begin
    foreach v in array array['pause_causes', 'clock_pauses'] loop
        execute format('alter view staff_data.%I owner to yzt_reader', v);
        execute format('grant select on staff_data.%I to yzt_staff, yzt_admin', v);
    end loop;
end $$;
revoke create on schema staff_data from yzt_reader;
