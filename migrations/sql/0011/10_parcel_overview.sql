-- What the map's first screen asks of all published plots of a county (how many, per town, of which land uses, how fresh) is
-- answered from this index alone: the rows with their outlines are twenty times as large. Towns first, for the rings.
create index ix_parcel_overview on register.parcel (county_code, town_code)
include (id, code, area_m2, land_use_code, data_date, updated_at)
where publication_state = 'published';
