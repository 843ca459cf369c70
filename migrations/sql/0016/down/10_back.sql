-- What is to come is worked out anew at any time: nothing is lost.

create or replace function register.remove_findings() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    delete from finding f using old_rows o
    where f.county_code = o.county_code and f.subject_kind = tg_table_name and f.subject_id = o.id;
    return null;
end $$;
drop view staff_data.finding_turns;
drop table register.finding_turn;
