-- As it was before 0019: a step has the number of its paper, and no file.

drop view staff_data.case_paper_chunks;
drop view staff_data.case_papers;
drop trigger a_refuse_change_of_case_file on register.stored_file_chunk;
drop trigger a_refuse_change_of_case_file on register.stored_file;
drop function register.refuse_change_of_case_file();
drop table register.case_paper;
drop function register.check_case_paper();
drop function register.may_write_case_event(bigint);
delete from register.stored_file_chunk k using register.stored_file f where f.id = k.stored_file_id and f.role = 'scan';
delete from register.stored_file where role = 'scan';
