drop view staff_data.waiting_land;
drop table register.land_class;
drop table register.ground_use_kind;
