-- What the land rules ask of the database: facts and columns of parcels at a moment, periods that cannot fail, working days,
-- parameters of another day. The rules themselves are data of the application (geo/landuse/rules/data).

-- Facts of parcels that hold on the civil date `as_of`, as known at the instant `known_at`. `ids` null = all of the county.
create function register.parcel_facts(p_county text, ids bigint[], as_of date, known_at timestamptz)
returns table (
    subject_id bigint, kind text, value_date date, value_number numeric, value_text text, value_bool boolean
)
language sql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
    select f.subject_id, f.kind, f.value_date, f.value_number, f.value_text, f.value_bool
    from effective_facts(p_county, 'parcel', ids, as_of, known_at) f
$$;

-- Columns of parcels that rules read, as recorded at the instant `known_at` ('infinity' = now; what the supply laid down has no day
-- of its own), of a county under land rules: one row per parcel.
create function register.parcel_columns(p_county text, ids bigint[], known_at timestamptz)
returns table (
    id bigint, code text, parcel_area_m2 numeric, far_min_ratio numeric, intensity_min_wan_cny_per_mu numeric,
    tax_min_wan_cny_per_mu numeric, energy_max_tce_per_wan_cny numeric, emission_max_kg_per_wan_cny numeric
)
language plpgsql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    if not exists (select from county c where c.code = p_county and c.rule_set is not null) then
        return;
    end if;
    if known_at = 'infinity' then
        return query
            select x.id, x.code, coalesce(x.registered_area_m2, x.area_m2), x.far_min, x.investment_intensity_min_wan_cny_per_mu,
                   x.tax_min_wan_cny_per_mu, x.energy_max_tce_per_wan_cny, x.emission_max_kg_per_wan_cny
            from parcel x
            where x.county_code = p_county and (ids is null or x.id = any (ids));
    else
        return query
            select x.id, x.code, coalesce(x.registered_area_m2, x.area_m2), x.far_min, x.investment_intensity_min_wan_cny_per_mu,
                   x.tax_min_wan_cny_per_mu, x.energy_max_tce_per_wan_cny, x.emission_max_kg_per_wan_cny
            from parcel_at(p_county, known_at) x
            where ids is null or x.id = any (ids);
    end if;
end $$;

-- The last day of a period of num/den years, months or days (GEN-02); null when it is not whole or too long to be told.
create function register.after_years(day date, num numeric, den numeric) returns date
language sql immutable parallel safe as $$
    select case when num % den = 0 and abs(num) <= 1000 * den then (day + make_interval(years => (num / den)::int))::date end
$$;
create function register.after_months(day date, num numeric, den numeric) returns date
language sql immutable parallel safe as $$
    select case when num % den = 0 and abs(num) <= 12000 * den then (day + make_interval(months => (num / den)::int))::date end
$$;
create function register.after_days(day date, num numeric, den numeric) returns date
language sql immutable parallel safe as $$
    select case when num % den = 0 and abs(num) <= 400000 * den then day + (num / den)::int end
$$;

-- The day, or the next working day when it is a rest day (GEN-03): weekends, but for the days work_calendar names.
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

-- Working days after `start_on` up to and with `end_on`; null when the two lie over ten years apart.
create function register.working_days(p_calendar text, start_on date, end_on date) returns numeric
language sql stable strict parallel safe as $$
    select case when end_on - start_on <= 3660 then (
        select count(*)::numeric from generate_series(1, end_on - start_on) n
        left join register.work_calendar w on w.calendar = p_calendar and w.day = start_on + n
        where coalesce(w.is_working, extract(isodow from start_on + n) < 6)) end
$$;

-- Whether the holidays of the year of a day are known.
create function register.calendar_covers(p_calendar text, day date) returns boolean
language sql stable strict parallel safe as $$
    select exists (select from register.work_calendar w where w.calendar = p_calendar
                   and w.day between make_date(extract(year from $2)::int, 1, 1) and make_date(extract(year from $2)::int, 12, 31))
$$;

-- Numerator and denominator of a parameter in force on a day, the county's own before the general one.
create function register.parameter_parts(p_key text, p_county text, day date) returns numeric[]
language sql stable strict parallel safe as $$
    select array[p.value_num, p.value_den] from register.parameter p
    where p.key = p_key and p.effective_on <= day and (p.county_code = p_county or p.county_code is null)
    order by p.county_code nulls last, p.effective_on desc limit 1
$$;

-- The same as a finding keeps it: {key: {value: "25/100", unit, effective_on, citation}}; {} when there was none.
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

-- The lesser and the greater of two numbers given as array[numerator, denominator]; null when one of them is not known.
create function register.lesser(a numeric[], b numeric[]) returns numeric[]
language sql immutable parallel safe as $$
    select case when a[1] * b[2] <= b[1] * a[2] then a when a[1] * b[2] > b[1] * a[2] then b end
$$;
create function register.greater(a numeric[], b numeric[]) returns numeric[]
language sql immutable parallel safe as $$
    select case when a[1] * b[2] >= b[1] * a[2] then a when a[1] * b[2] < b[1] * a[2] then b end
$$;

-- num/den for display: six decimals, half away from zero, no idle zeros (GEN-06).
create function register.shown_number(num numeric, den numeric) returns numeric
language sql immutable parallel safe as $$
    select trim_scale(sign(num) * div(abs(num) * 2000000 + den, 2 * den) / 1000000::numeric(20, 6))
$$;

do $$
declare f text;
begin
    foreach f in array array['parcel_facts(text, bigint[], date, timestamptz)', 'parcel_columns(text, bigint[], timestamptz)'] loop
        execute format('revoke all on function register.%s from public', f);
        execute format('grant execute on function register.%s to yzt_staff, yzt_admin', f);
    end loop;
    foreach f in array array['after_years(date, numeric, numeric)', 'after_months(date, numeric, numeric)',
                             'after_days(date, numeric, numeric)', 'working_day(text, date)', 'working_days(text, date, date)',
                             'calendar_covers(text, date)', 'parameter_parts(text, text, date)', 'parameter_shown(text, text, date)',
                             'shown_number(numeric, numeric)', 'lesser(numeric[], numeric[])', 'greater(numeric[], numeric[])'] loop
        execute format('grant execute on function register.%s to yzt_staff, yzt_admin', f);
    end loop;
end $$;
