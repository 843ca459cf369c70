-- Who may read what is confidential is not who may write it: leaders read the negotiations of every unit and write none
-- (domain.md 0.2, tier P3). The views compare with `yzt.reads` where they compared with `yzt.units`.
do $$
declare
    v record;
begin
    for v in select viewname, definition from pg_views where schemaname = 'staff_data' and definition like '%yzt.units%' loop
        execute format('create or replace view staff_data.%I as %s', v.viewname, replace(v.definition, 'yzt.units', 'yzt.reads'));
    end loop;
end $$;
