-- The first day D >= to_on such that (from_on, D] has as many days outside the pauses as (from_on, to_on] has days; 'infinity'
-- while a pause without end keeps it from coming; null when either day is not known (before: 'infinity' for a to_on that is not
-- known, under a pause without end).
create or replace function register.extended(pauses datemultirange, from_on date, to_on date) returns date
language plpgsql immutable parallel safe set search_path = pg_catalog as $$
declare
    pause daterange;
    due date := to_on;
    first_lost date;
begin
    if from_on is null or to_on is null then
        return null;
    elsif pauses is null or from_on >= to_on then
        return to_on;
    end if;
    for pause in select unnest(pauses) loop
        first_lost := greatest(lower(pause), from_on + 1);
        if due = 'infinity' or first_lost > due then
            return due;
        elsif upper_inf(pause) then
            return 'infinity';
        elsif upper(pause) > first_lost then
            due := due + (upper(pause) - first_lost);
            if due >= date '9999-12-31' then
                return 'infinity';
            end if;
        end if;
    end loop;
    return due;
end $$;
