drop index register.ix_parcel_overview;
create index ix_parcel_overview on register.parcel (county_code, town_code)
include (id, code, area_m2, land_use_code, data_date, updated_at)
where publication_state = 'published';
