drop procedure register.make_views_at_places();
drop function open_data.parcels_at(text, date, timestamptz, geometry);
drop function open_data.buildings_at(text, date, timestamptz, geometry);
drop function staff_data.parcels_at(text, date, timestamptz, geometry);
drop function staff_data.buildings_at(text, date, timestamptz, geometry);
drop index register.ix_parcel_version_place;
drop index register.ix_parcel_version_public_place;
drop index register.ix_building_version_place;
drop index register.ix_building_version_public_place;
