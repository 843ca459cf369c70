-- A clerk adds and changes pictures of things of the own unit; nobody of the staff removes one or touches what it shows.

revoke all on function register.check_picture(), register.refuse_change_of_picture_file() from public;

do $$
declare
    t text;
begin
    foreach t in array array['picture', 'picture_version', 'picture_rendition'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('grant select on register.%I to yzt_reader', t);
        execute format('grant select, insert, update, delete on register.%I to yzt_admin', t);
    end loop;
end $$;

grant insert on register.picture to yzt_staff;
grant update (kind, caption, caption_en, taken_on, author, place, licence, audience, sort_no, withdrawn_at) on register.picture
to yzt_staff;
grant select (id, county_code, code, subject_kind, subject_id, sha256, sort_no, withdrawn_at, replaces_id, version)
on register.picture to yzt_staff;
create policy staff_select on register.picture for select to yzt_staff using (true);
create policy staff_insert on register.picture for insert to yzt_staff
with check (register.may_write_subject(county_code, subject_kind, subject_id));
create policy staff_update on register.picture for update to yzt_staff
using (register.may_write_subject(county_code, subject_kind, subject_id))
with check (register.may_write_subject(county_code, subject_kind, subject_id));

grant select, insert on register.picture_rendition to yzt_staff;
create policy staff_select on register.picture_rendition for select to yzt_staff using (true);
create policy staff_insert on register.picture_rendition for insert to yzt_staff with check (exists (
    select from register.picture p
    where p.id = picture_id and register.may_write_subject(p.county_code, p.subject_kind, p.subject_id)));

grant usage on all sequences in schema register to yzt_staff, yzt_admin;

grant create on schema open_data, staff_data to yzt_reader;
do $$
declare
    s text;
    v text;
begin
    foreach s in array array['open_data', 'staff_data'] loop
        foreach v in array array['pictures', 'picture_renditions', 'picture_chunks', 'picture_originals', 'picture_original_chunks'] loop
            if to_regclass(format('%I.%I', s, v)) is not null then
                execute format('alter view %I.%I owner to yzt_reader', s, v);
                execute format('grant select on %I.%I to yzt_staff, yzt_admin', s, v);
            end if;
        end loop;
    end loop;
end $$;
grant select on open_data.pictures, open_data.picture_renditions, open_data.picture_chunks to yzt_public, yzt_app;
revoke create on schema open_data, staff_data from yzt_reader;
