-- Works of a park are searched by their names. A work has no publication of its own: it is found by whoever finds its park.

create function register.note_work_names() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into name_due (county_code, subject_kind, subject_id)
        select n.county_code, 'park_work', n.id from new_rows n;
    elsif tg_op = 'UPDATE' then
        insert into name_due (county_code, subject_kind, subject_id)
        select n.county_code, 'park_work', n.id
        from new_rows n
        join old_rows o on o.id = n.id
        where (n.code, n.name, n.name_en, n.park_code) is distinct from (o.code, o.name, o.name_en, o.park_code);
    else
        insert into name_due (county_code, subject_kind, subject_id)
        select o.county_code, 'park_work', o.id from old_rows o;
    end if;
    return null;
end $$;

-- AFTER UPDATE on park: its works become public, or stop being so, with it.
create function register.note_names_of_works() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    insert into name_due (county_code, subject_kind, subject_id)
    select w.county_code, 'park_work', w.id
    from new_rows n
    join old_rows o on o.id = n.id
    join park_work w on w.county_code = n.county_code and w.park_code = n.code
    where n.publication_state <> o.publication_state;
    return null;
end $$;
revoke all on function register.note_work_names(), register.note_names_of_works() from public;

create trigger z_note_names_insert after insert on register.park_work referencing new table as new_rows
for each statement execute function register.note_work_names();
create trigger z_note_names_update after update on register.park_work referencing old table as old_rows new table as new_rows
for each statement execute function register.note_work_names();
create trigger z_note_names_delete after delete on register.park_work referencing old table as old_rows
for each statement execute function register.note_work_names();
create trigger zz_note_names_of_works after update on register.park referencing old table as old_rows new table as new_rows
for each statement execute function register.note_names_of_works();

insert into register.name_due (county_code, subject_kind, subject_id)
select county_code, 'park_work', id from register.park_work order by id;

create view open_data.names_of_park_works as
select n.county_code, n.is_published, n.alias, n.kind, n.folded, n.latin, n.pinyin, n.initials, n.subject_id as id,
       x.code, x.name, x.name_en, x.town_code, x.is_sample, x.status as state
from register.name_alias n
join open_data.park_works x on x.id = n.subject_id and x.county_code = n.county_code
where n.subject_kind = 'park_work';

create view staff_data.names_of_park_works as
select n.county_code, n.is_published, n.alias, n.kind, n.folded, n.latin, n.pinyin, n.initials, n.subject_id as id,
       x.code, x.name, x.name_en, x.town_code, x.is_sample, x.status as state
from register.name_alias n
join staff_data.park_works x on x.id = n.subject_id and x.county_code = n.county_code
where n.subject_kind = 'park_work';

grant create on schema open_data, staff_data to yzt_reader;
alter view open_data.names_of_park_works owner to yzt_reader;
alter view staff_data.names_of_park_works owner to yzt_reader;
revoke create on schema open_data, staff_data from yzt_reader;
grant select on open_data.names_of_park_works to yzt_public, yzt_staff, yzt_admin, yzt_app;
grant select on staff_data.names_of_park_works to yzt_staff, yzt_admin;
