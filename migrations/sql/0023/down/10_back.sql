create or replace function register.extended(pauses datemultirange, from_on date, to_on date) returns date
language plpgsql immutable parallel safe set search_path = pg_catalog as $$
declare
    pause daterange;
    due date := to_on;
    first_lost date;
begin
    if pauses is null or from_on is null or from_on >= to_on then
        return case when from_on is null then null else to_on end;
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
