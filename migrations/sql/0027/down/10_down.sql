-- As it was before 0027: works are not searched.

drop view open_data.names_of_park_works;
drop view staff_data.names_of_park_works;
drop trigger zz_note_names_of_works on register.park;
drop trigger z_note_names_insert on register.park_work;
drop trigger z_note_names_update on register.park_work;
drop trigger z_note_names_delete on register.park_work;
drop function register.note_names_of_works();
drop function register.note_work_names();
delete from register.name_due where subject_kind = 'park_work';
delete from register.name_alias where subject_kind = 'park_work';
