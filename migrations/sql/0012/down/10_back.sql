-- As it was before 0012. The older schema has one value of a parameter a day: the last that was recorded stays.

drop view staff_data.clock_pauses, staff_data.pause_causes;
drop trigger a_refuse_delete_with_pauses on register.parcel;
drop table register.clock_pause;
drop table register.pause_cause;
drop function register.check_pause();
drop function register.touch_paused_parcels();
drop function register.refuse_delete_with_pauses();
drop function register.parcel_pauses(text, bigint[], date, timestamptz);
drop function register.running_years(datemultirange, date, date);
drop function register.extended(datemultirange, date, date);
drop function register.shown_pauses(datemultirange);
drop function register.working_day(text, date, timestamptz);
drop function register.working_days(text, date, date, timestamptz);
drop function register.is_working_day(text, date, timestamptz);
drop function register.calendar_covers(text, date, timestamptz);
drop function register.parameter_parts(text, text, date, timestamptz);
drop function register.parameter_shown(text, text, date, timestamptz);

do $$
declare
    t text;
begin
    foreach t in array array['parameter', 'work_calendar'] loop
        execute format('drop trigger a_stamp_recording on register.%I', t);
        execute format('drop trigger a_refuse_overwrite on register.%I', t);
    end loop;
end $$;
drop function register.stamp_recording();

create or replace function register.parameter_value(p_key text, p_county text, as_of date) returns numeric
language sql stable parallel safe security definer set search_path = register, pg_catalog, pg_temp as $$
    select value_num / value_den from parameter
    where key = p_key and effective_on <= as_of and (county_code = p_county or county_code is null)
    order by county_code nulls last, effective_on desc limit 1
$$;

delete from register.parameter p
where exists (
    select from register.parameter q
    where q.key = p.key and q.county_code is not distinct from p.county_code and q.effective_on = p.effective_on
      and q.recorded_at > p.recorded_at);
drop index register.uq_parameter_key;
alter table register.parameter drop column recorded_at;
create unique index uq_parameter_key on register.parameter (key, coalesce(county_code, ''), effective_on);

delete from register.work_calendar w
where exists (
    select from register.work_calendar v
    where v.calendar = w.calendar and v.day = w.day and v.recorded_at > w.recorded_at);
alter table register.work_calendar drop constraint pk_work_calendar;
alter table register.work_calendar drop column recorded_at;
alter table register.work_calendar add constraint pk_work_calendar primary key (calendar, day);
grant update, delete on register.parameter, register.work_calendar to yzt_admin;

create function register.working_day(p_calendar text, day date) returns date
language plpgsql stable strict parallel safe as $$
declare
    found date := day;
begin
    while not coalesce((select w.is_working from register.work_calendar w where w.calendar = p_calendar and w.day = found),
                       extract(isodow from found) < 6) loop
        found := found + 1;
    end loop;
    return found;
end $$;

create function register.working_days(p_calendar text, start_on date, end_on date) returns numeric
language sql stable strict parallel safe as $$
    select case when end_on - start_on <= 3660 then (
        select count(*)::numeric from generate_series(1, end_on - start_on) n
        left join register.work_calendar w on w.calendar = p_calendar and w.day = start_on + n
        where coalesce(w.is_working, extract(isodow from start_on + n) < 6)) end
$$;

create function register.calendar_covers(p_calendar text, day date) returns boolean
language sql stable strict parallel safe as $$
    select exists (select from register.work_calendar w where w.calendar = p_calendar
                   and w.day between make_date(extract(year from $2)::int, 1, 1) and make_date(extract(year from $2)::int, 12, 31))
$$;

create function register.parameter_parts(p_key text, p_county text, day date) returns numeric[]
language sql stable strict parallel safe as $$
    select array[p.value_num, p.value_den] from register.parameter p
    where p.key = p_key and p.effective_on <= day and (p.county_code = p_county or p.county_code is null)
    order by p.county_code nulls last, p.effective_on desc limit 1
$$;

create function register.parameter_shown(p_key text, p_county text, day date) returns jsonb
language sql stable parallel safe as $$
    select coalesce((
        select jsonb_build_object(p.key, jsonb_build_object(
                   'value', trim_scale(p.value_num) || case when p.value_den = 1 then '' else '/' || trim_scale(p.value_den) end,
                   'unit', p.unit, 'effective_on', p.effective_on, 'citation', p.citation))
        from register.parameter p
        where p.key = p_key and p.effective_on <= day and (p.county_code = p_county or p.county_code is null)
        order by p.county_code nulls last, p.effective_on desc limit 1), '{}')
$$;

revoke all on function register.working_day(text, date), register.working_days(text, date, date),
    register.calendar_covers(text, date), register.parameter_parts(text, text, date),
    register.parameter_shown(text, text, date) from public;
grant execute on function register.working_day(text, date), register.working_days(text, date, date),
    register.calendar_covers(text, date), register.parameter_parts(text, text, date),
    register.parameter_shown(text, text, date) to yzt_staff, yzt_admin;
