-- Parameters and working days as known at an instant: a value that is corrected or added later must not change what was
-- answered before. They become ledgers: a correction is a row of the same day recorded later. What stands already has been
-- known since ever.

alter table register.parameter add column recorded_at timestamptz default '-infinity' not null;
alter table register.parameter alter column recorded_at set default register.recording_instant();
drop index register.uq_parameter_key;
create unique index uq_parameter_key on register.parameter (key, coalesce(county_code, ''), effective_on, recorded_at);

alter table register.work_calendar add column recorded_at timestamptz default '-infinity' not null;
alter table register.work_calendar alter column recorded_at set default register.recording_instant();
alter table register.work_calendar drop constraint pk_work_calendar;
alter table register.work_calendar add constraint pk_work_calendar primary key (calendar, day, recorded_at);

-- BEFORE INSERT: when it was recorded is not for the writer to say.
create function register.stamp_recording() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    new.recorded_at := recording_instant();
    return new;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['parameter', 'work_calendar'] loop
        execute format('create trigger a_stamp_recording before insert on register.%I
                        for each row execute function register.stamp_recording()', t);
        execute format('create trigger a_refuse_overwrite before update or delete on register.%I
                        for each row execute function register.refuse_overwrite()', t);
    end loop;
end $$;

create or replace function register.parameter_value(p_key text, p_county text, as_of date) returns numeric
language sql stable parallel safe security definer set search_path = register, pg_catalog, pg_temp as $$
    select value_num / value_den from parameter
    where key = p_key and effective_on <= as_of and (county_code = p_county or county_code is null)
    order by county_code nulls last, effective_on desc, recorded_at desc limit 1
$$;

drop function register.working_day(text, date);
drop function register.working_days(text, date, date);
drop function register.calendar_covers(text, date);
drop function register.parameter_parts(text, text, date);
drop function register.parameter_shown(text, text, date);

-- Whether people work on a day (GEN-03): weekends rest, but for the days that work_calendar named by the instant `known_at`.
create function register.is_working_day(p_calendar text, p_day date, known_at timestamptz) returns boolean
language sql stable parallel safe as $$
    select coalesce((select w.is_working from register.work_calendar w
                     where w.calendar = p_calendar and w.day = p_day and w.recorded_at <= known_at
                     order by w.recorded_at desc limit 1), extract(isodow from p_day) < 6)
$$;

-- The day, or the next working day when it is a rest day.
create function register.working_day(p_calendar text, day date, known_at timestamptz) returns date
language plpgsql stable strict parallel safe as $$
declare
    found date := day;
begin
    while not register.is_working_day(p_calendar, found, known_at) loop
        found := found + 1;
    end loop;
    return found;
end $$;

-- Working days after `start_on` up to and with `end_on`; null when the two lie over ten years apart.
create function register.working_days(p_calendar text, start_on date, end_on date, known_at timestamptz) returns numeric
language sql stable strict parallel safe as $$
    select case when end_on - start_on <= 3660 then (
        select count(*)::numeric from generate_series(1, end_on - start_on) n
        where register.is_working_day(p_calendar, start_on + n, known_at)) end
$$;

-- Whether the holidays of the year of a day were known.
create function register.calendar_covers(p_calendar text, day date, known_at timestamptz) returns boolean
language sql stable strict parallel safe as $$
    select exists (select from register.work_calendar w where w.calendar = p_calendar and w.recorded_at <= $3
                   and w.day between make_date(extract(year from $2)::int, 1, 1) and make_date(extract(year from $2)::int, 12, 31))
$$;

-- Numerator and denominator of a parameter in force on a day as known at an instant, the county's own before the general one.
create function register.parameter_parts(p_key text, p_county text, day date, known_at timestamptz) returns numeric[]
language sql stable strict parallel safe as $$
    select array[p.value_num, p.value_den] from register.parameter p
    where p.key = p_key and p.effective_on <= day and p.recorded_at <= known_at
      and (p.county_code = p_county or p.county_code is null)
    order by p.county_code nulls last, p.effective_on desc, p.recorded_at desc limit 1
$$;

-- The same as a finding keeps it: {key: {value: "25/100", unit, effective_on, citation}}; {} when there was none.
create function register.parameter_shown(p_key text, p_county text, day date, known_at timestamptz) returns jsonb
language sql stable parallel safe as $$
    select coalesce((
        select jsonb_build_object(p.key, jsonb_build_object(
                   'value', trim_scale(p.value_num) || case when p.value_den = 1 then '' else '/' || trim_scale(p.value_den) end,
                   'unit', p.unit, 'effective_on', p.effective_on, 'citation', p.citation))
        from register.parameter p
        where p.key = p_key and p.effective_on <= day and p.recorded_at <= known_at
          and (p.county_code = p_county or p.county_code is null)
        order by p.county_code nulls last, p.effective_on desc, p.recorded_at desc limit 1), '{}')
$$;
