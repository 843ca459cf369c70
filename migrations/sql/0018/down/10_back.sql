-- As it was before 0018: no code is followed to another.

drop trigger c_follow_successor on register.fact;
drop trigger b_check_successor on register.fact;
drop function register.follow_successor();
drop function register.check_successor();
drop function register.succeeded_parcels(text, date, timestamptz);
drop function register.public_successors_of(text, text, text);
drop function register.successors_of(text, text, text);
drop table register.withdrawn_for_successor;
drop view register.successor;
drop view register.succeeding_thing;
drop index register.ix_fact_succeeded_by;
