-- Ground in use is written like any thing of the register, by the unit that answers for it; what was measured by the worker only.

revoke all on function register.derive_ground_use(), register.note_evidence(), register.note_evidence_of_facts(),
register.evidence_due_at(text, geometry[]), register.evidence_changed() from public;

do $$
declare
    t text;
begin
    foreach t in array array['ground_use', 'ground_use_version', 'land_evidence', 'land_evidence_version', 'evidence_due'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('grant select on register.%I to yzt_reader', t);
        execute format('grant select, insert, update, delete on register.%I to yzt_admin', t);
    end loop;
end $$;

grant insert, update, delete on register.ground_use to yzt_staff;
grant select (id, county_code, code, unit_code, version) on register.ground_use to yzt_staff;
create policy staff_select on register.ground_use for select to yzt_staff using (true);
create policy staff_insert on register.ground_use for insert to yzt_staff with check (register.may_write(unit_code));
create policy staff_update on register.ground_use for update to yzt_staff
using (register.may_write(unit_code)) with check (register.may_write(unit_code));
create policy staff_delete on register.ground_use for delete to yzt_staff using (register.may_write(unit_code));
grant usage on all sequences in schema register to yzt_staff, yzt_admin;

grant create on schema staff_data to yzt_reader;
do $$
declare
    v text;
begin
    foreach v in array array['ground_use', 'land_evidence'] loop
        execute format('create view staff_data.%1$I as select * from register.%2$I', v || '_versions', v || '_version');
    end loop;
    foreach v in array array['ground_uses', 'ground_use_versions', 'land_evidence', 'land_evidence_versions', 'spare_land'] loop
        execute format('alter view staff_data.%I owner to yzt_reader', v);
        execute format('grant select on staff_data.%I to yzt_staff, yzt_admin', v);
    end loop;
end $$;
revoke create on schema staff_data from yzt_reader;
