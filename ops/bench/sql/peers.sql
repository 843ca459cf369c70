-- What the peers read besides the public views, in a schema of its own; made once for a database.
-- parcels_4326: the rows of open_data.parcels as a plain table in EPSG:4326. pygeoapi finds nothing in EPSG:4490 (it turns the
-- box for the axis order of the CRS, PostGIS does not), and a view that moves each shape would cost it the index.
-- parcels_five: the same rows with five of their properties, for both: a plain table of just these is the best case of either.
-- parcels_narrow: five attributes and the shape in EPSG:3857, the best case for a tile server.
create schema peers;
create table peers.parcels_4326 as
select p.id, p.code, p.name, p.name_en, p.area_m2, p.town_code, p.unit_code, p.is_sample, p.data_date, p.position_quality,
       p.geometry_quality, p.updated_at, p.version, p.status, p.realm, p.park_code, p.land_use_code, p.land_use_std,
       p.registered_area_m2, p.far_min, p.far_max, p.density_min_pct, p.density_max_pct, p.green_min_pct, p.green_max_pct,
       p.price_min_wan_cny_per_mu, p.price_max_wan_cny_per_mu, p.price_negotiable, p.utilities, p.power_kva,
       p.height_min_m, p.height_max_m, p.investment_intensity_min_wan_cny_per_mu, p.tax_min_wan_cny_per_mu,
       p.energy_max_tce_per_wan_cny, p.emission_max_kg_per_wan_cny, p.description, p.description_en,
       st_setsrid(p.geom, 4326)::geometry (geometry, 4326) as geom
from open_data.parcels as p;
alter table peers.parcels_4326 add primary key (id);
create index on peers.parcels_4326 using gist (geom);
create table peers.parcels_five as
select p.id, p.code, p.status, p.land_use_code, p.realm, p.area_m2, p.geom from peers.parcels_4326 as p;
alter table peers.parcels_five add primary key (id);
create index on peers.parcels_five using gist (geom);
create table peers.parcels_narrow as
select p.id, p.code, p.status, p.land_use_code, p.realm, p.area_m2, p.tile_geom::geometry (geometry, 3857) as geom
from open_data.parcels as p;
alter table peers.parcels_narrow add primary key (id);
create index on peers.parcels_narrow using gist (geom);
grant usage on schema peers to yzt_public;
grant select on all tables in schema peers to yzt_public;
analyze peers.parcels_4326;
analyze peers.parcels_five;
analyze peers.parcels_narrow;
