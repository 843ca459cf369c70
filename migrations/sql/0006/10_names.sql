-- Names a thing is searched by. A change of a thing only notes that its names are due (register.name_due); a worker writes them
-- a moment later, because readings (pinyin) need a dictionary of phrases. Whatever door a change comes by passes this trigger.

-- Rows are made anew from the register, so nothing is lost with the old ones.
delete from register.name_alias where kind <> 'alias';
drop index register.ix_name_alias_alias;
alter table register.name_alias
    add column folded text collate "C" not null default '',
    add column latin text collate "C" not null default '',
    add column is_published boolean not null default false,
    alter column pinyin type text collate "C",
    alter column initials type text collate "C";

-- Each ends in subject_id, so that a page of equal names is the same page every time. What the public may not see is not even
-- passed over: is_published stands before the text.
create index ix_name_alias_folded on register.name_alias (county_code, subject_kind, is_published, folded, subject_id);
create index ix_name_alias_latin on register.name_alias (county_code, subject_kind, is_published, latin, subject_id);
create index ix_name_alias_initials on register.name_alias (county_code, subject_kind, is_published, initials, subject_id);
create index ix_name_alias_latin_parts on register.name_alias using gin (latin gin_trgm_ops) where is_published;
create index ix_name_alias_latin_parts_internal on register.name_alias using gin (latin gin_trgm_ops) where not is_published;
-- Slips are forgiven in names without numbers first: of a million plots most differ by a number only, and there are few others.
create index ix_name_alias_latin_near on register.name_alias using gin (latin gin_trgm_ops) where is_published and latin !~ '[0-9]';
create index ix_name_alias_latin_near_internal on register.name_alias using gin (latin gin_trgm_ops)
where not is_published and latin !~ '[0-9]';

-- Nobody but the worker reads or writes the table itself: it holds the names of confidential projects.
drop policy staff_all on register.name_alias;
revoke select, insert, update, delete on register.name_alias from yzt_staff;

-- Things whose names are to be written. No unique key: a change that comes while the worker writes must not be taken for one
-- that is already noted.
create table register.name_due (
    id bigint generated always as identity,
    county_code text not null,
    subject_kind text not null,
    subject_id bigint not null,
    constraint pk_name_due primary key (id)
);
alter table register.name_due enable row level security;
alter table register.name_due force row level security;
create policy owner_all on register.name_due to yzt_owner using (true) with check (true);
create policy admin_all on register.name_due to yzt_admin using (true) with check (true);
grant select, insert, delete, update on register.name_due to yzt_admin;

create function register.note_names() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into name_due (county_code, subject_kind, subject_id)
        select n.county_code, tg_table_name, n.id from new_rows n;
    elsif tg_op = 'UPDATE' then
        insert into name_due (county_code, subject_kind, subject_id)
        select n.county_code, tg_table_name, n.id
        from new_rows n
        join old_rows o on o.id = n.id
        where (n.code, n.name, n.name_en, n.publication_state) is distinct from (o.code, o.name, o.name_en, o.publication_state);
    else
        insert into name_due (county_code, subject_kind, subject_id)
        select o.county_code, tg_table_name, o.id from old_rows o;
    end if;
    return null;
end $$;
revoke all on function register.note_names() from public;

-- A project becomes public, or stops being so, by its stage.
create function register.note_project_names() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    insert into name_due (county_code, subject_kind, subject_id)
    select n.county_code, 'project', n.project_id from new_rows n;
    return null;
end $$;
revoke all on function register.note_project_names() from public;
create trigger z_note_names_insert after insert on register.project_state referencing new table as new_rows
for each statement execute function register.note_project_names();
create trigger z_note_names_update after update on register.project_state referencing new table as new_rows
for each statement execute function register.note_project_names();

do $$
declare
    t text;
begin
    foreach t in array array['admin_area', 'park', 'parcel', 'building', 'project', 'enterprise', 'policy_clause',
                             'transport_feature', 'planning_control'] loop
        execute format('create trigger z_note_names_insert after insert on register.%I referencing new table as new_rows
                        for each statement execute function register.note_names()', t);
        execute format('create trigger z_note_names_update after update on register.%I
                        referencing old table as old_rows new table as new_rows
                        for each statement execute function register.note_names()', t);
        execute format('create trigger z_note_names_delete after delete on register.%I referencing old table as old_rows
                        for each statement execute function register.note_names()', t);
        execute format('insert into register.name_due (county_code, subject_kind, subject_id)
                        select county_code, %L, id from register.%I order by id', t, t);
    end loop;
end $$;
