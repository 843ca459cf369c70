-- The list beside the map, in any of its orders, finds its rows in this index as well: before, it lacked realm and price, and a million
-- outlines were read to sort thirty rows. A newer one takes the place of that of migration 0011.
drop index register.ix_parcel_overview;
create index ix_parcel_overview on register.parcel (county_code, town_code)
include (id, code, area_m2, realm, price_min_wan_cny_per_mu, land_use_code, data_date, updated_at)
where publication_state = 'published';
