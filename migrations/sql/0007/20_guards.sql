-- A picture stands on a thing that is there; what it shows never changes; every change of it leaves version and trail.

create function register.check_picture() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    is_there boolean;
begin
    if tg_op = 'UPDATE' and (new.county_code, new.code, new.subject_kind, new.subject_id, new.original_file_id, new.sha256)
        is distinct from (old.county_code, old.code, old.subject_kind, old.subject_id, old.original_file_id, old.sha256) then
        raise exception 'a picture keeps its thing and its content' using errcode = 'YZ409';
    end if;
    if tg_op = 'INSERT' then
        new.created_by := coalesce(setting('yzt.account'), session_user);
    end if;
    execute format('select exists (select from register.%I where id = $1 and county_code = $2)', new.subject_kind)
        into is_there using new.subject_id, new.county_code;
    if not is_there then
        raise exception 'no such %', new.subject_kind using errcode = 'YZ404', column = 'subject_id';
    end if;
    return new;
end $$;

create function register.refuse_change_of_picture_file() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    file_id bigint;
begin
    if tg_table_name = 'stored_file' then
        file_id := old.id;
    elsif tg_op = 'INSERT' then
        file_id := new.stored_file_id;
    else
        file_id := old.stored_file_id;
    end if;
    if exists (select from picture_rendition r where r.stored_file_id = file_id)
        or exists (select from picture p where p.original_file_id = file_id) then
        raise exception 'the file of a picture does not change' using errcode = 'YZ409';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger a_check_picture before insert or update on register.picture
    for each row execute function register.check_picture();
create trigger a_refuse_change_of_picture_file before update or delete on register.stored_file
    for each row execute function register.refuse_change_of_picture_file();
create trigger a_refuse_change_of_picture_file before insert or update or delete on register.stored_file_chunk
    for each row execute function register.refuse_change_of_picture_file();

create trigger b_first_version before insert on register.picture
    for each row execute function register.first_version();
create trigger b_bump_version before update on register.picture
    for each row execute function register.bump_version();
create trigger y_version_insert after insert on register.picture referencing new table as new_rows
    for each statement execute function register.record_version();
create trigger y_version_update after update on register.picture referencing old table as old_rows new table as new_rows
    for each statement execute function register.record_version();
create trigger y_version_delete after delete on register.picture referencing old table as old_rows
    for each statement execute function register.record_version();
create trigger z_announce_insert after insert on register.picture referencing new table as new_rows
    for each statement execute function register.announce();
create trigger z_announce_update after update on register.picture referencing old table as old_rows new table as new_rows
    for each statement execute function register.announce();
create trigger z_announce_delete after delete on register.picture referencing old table as old_rows
    for each statement execute function register.announce();
