-- From the temporary table `staging` into the temporary table `made`, which is like register.parcel: what the triggers of an
-- ordinary write derive, by the same functions. A parcel of which a fact is told (`fact_staging`) was touched: version 2.
-- Parameters: county, data_source_id, account.
insert into made (
    county_code, data_source_id, is_sample, position_quality, source_srid,
    id, code, name, name_en, geom, town_code, unit_code, cadastral_code, land_use_code, land_use_std, registered_area_m2,
    far_min, far_max, density_min_pct, density_max_pct, green_min_pct, green_max_pct, height_max_m,
    price_min_wan_cny_per_mu, price_max_wan_cny_per_mu, price_negotiable, utilities, power_kva,
    investment_intensity_min_wan_cny_per_mu, tax_min_wan_cny_per_mu, energy_max_tce_per_wan_cny, description,
    description_en, publication_state, data_date, extra,
    geom_public, geometry_quality, tile_geom, tile_geom_public, area_m2, version, updated_by
)
select
    c.code, :data_source_id, true, 'demo', 4529,
    s.id, s.code, s.name, s.name_en, s.geom, s.town_code, s.unit_code, s.cadastral_code, s.land_use_code, s.land_use_std,
    s.registered_area_m2, s.far_min, s.far_max, s.density_min_pct, s.density_max_pct, s.green_min_pct, s.green_max_pct,
    s.height_max_m, s.price_min_wan_cny_per_mu, s.price_max_wan_cny_per_mu, s.price_negotiable, s.utilities, s.power_kva,
    s.investment_intensity_min_wan_cny_per_mu, s.tax_min_wan_cny_per_mu, s.energy_max_tce_per_wan_cny, s.description,
    s.description_en, s.publication_state, s.data_date, s.extra,
    d.geom_public,
    case when st_dimension(d.geom_public) < st_dimension(s.geom) then 'point' else 'shape' end,
    register.tile_shape(s.geom), register.tile_shape(d.geom_public),
    round(st_area(st_transform(s.geom, c.survey_srid))::numeric, 2),
    case when t.subject_id is null then 1 else 2 end, :account
from staging as s
join register.county as c on c.code = :county
cross join lateral (select register.public_shape(s.geom, c.public_decimals) as geom_public from generate_series(1, 1) offset 0) as d
left join (select distinct subject_id from fact_staging) as t on t.subject_id = s.id
