-- From the temporary table `staging` into the register: every trigger of an ordinary write runs (derived geometry, version,
-- feed, trail). What sql/parcels_past_triggers.sql must equal. Parameters: county, data_source_id.
insert into register.parcel (
    county_code, data_source_id, is_sample, position_quality, source_srid,
    id, code, name, name_en, geom, town_code, unit_code, cadastral_code, land_use_code, land_use_std, registered_area_m2,
    far_min, far_max, density_min_pct, density_max_pct, green_min_pct, green_max_pct, height_max_m,
    price_min_wan_cny_per_mu, price_max_wan_cny_per_mu, price_negotiable, utilities, power_kva,
    investment_intensity_min_wan_cny_per_mu, tax_min_wan_cny_per_mu, energy_max_tce_per_wan_cny, description,
    description_en, publication_state, data_date, extra
)
select
    :county, :data_source_id, true, 'demo', 4529,
    id, code, name, name_en, geom, town_code, unit_code, cadastral_code, land_use_code, land_use_std, registered_area_m2,
    far_min, far_max, density_min_pct, density_max_pct, green_min_pct, green_max_pct, height_max_m,
    price_min_wan_cny_per_mu, price_max_wan_cny_per_mu, price_negotiable, utilities, power_kva,
    investment_intensity_min_wan_cny_per_mu, tax_min_wan_cny_per_mu, energy_max_tce_per_wan_cny, description,
    description_en, publication_state, data_date, extra
from staging
