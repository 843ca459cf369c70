-- The nearest station, ramp or port without walking past every road on the way; buildings of a parcel or a park.
create index ix_transport_feature_place on register.transport_feature using gist (county_code, kind, tile_geom)
where kind not in ('expressway', 'road', 'rail', 'ferry', 'bridge');
create index ix_transport_feature_place_public on register.transport_feature using gist (county_code, kind, tile_geom_public)
where publication_state = 'published' and kind not in ('expressway', 'road', 'rail', 'ferry', 'bridge');
create index ix_building_parcel on register.building (county_code, parcel_code);
create index ix_building_park on register.building (county_code, park_code);
