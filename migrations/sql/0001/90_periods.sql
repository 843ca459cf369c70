-- Periods of the Civil Code (GEN-02): the starting day is not counted; the last day is the same day N years or months later,
-- or the last day of that month. PostgreSQL's interval arithmetic clips to the month's end in just this way.

create function register.add_years(start_on date, years int) returns date
language sql immutable strict parallel safe as $$ select (start_on + make_interval(years => years))::date $$;

create function register.add_months(start_on date, months int) returns date
language sql immutable strict parallel safe as $$ select (start_on + make_interval(months => months))::date $$;

-- Years that have fully elapsed on `as_of`: the anniversary itself still belongs to the period.
create function register.full_years(start_on date, as_of date) returns int
language sql immutable strict parallel safe as $$
    select greatest(0, n - case when as_of > register.add_years(start_on, n) then 0 else 1 end)
    from (select extract(year from as_of)::int - extract(year from start_on)::int as n) years
$$;

-- The value of a parameter in force on a day, the county's own before the general one; null when there is none.
create function register.parameter_value(p_key text, p_county text, as_of date) returns numeric
language sql stable parallel safe security definer set search_path = register, pg_catalog, pg_temp as $$
    select value_num / value_den from parameter
    where key = p_key and effective_on <= as_of and (county_code = p_county or county_code is null)
    order by county_code nulls last, effective_on desc limit 1
$$;

grant execute on function register.add_years(date, int), register.add_months(date, int), register.full_years(date, date),
    register.parameter_value(text, text, date) to yzt_staff, yzt_admin;
