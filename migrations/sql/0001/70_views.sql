-- What may be read: plain views (no barrier, no invoker), owned by yzt_reader, the same names for the public and for staff.
-- `geom` of open_data is the stored public shape. WHERE compares stored columns with settings of the transaction, so that the
-- spatial index keeps working (design.md 4).

create view open_data.parks as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.kind, x.level, x.theme, x.leading_industries, x.planned_area_m2, x.built_area_m2, x.construction_area_m2, x.price_guide,
       x.contact_desk, x.description, x.description_en
from register.park x
where x.publication_state = 'published'
  and x.kind <> 'featured_town';

create view open_data.featured_towns as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.kind, x.level, x.theme, x.leading_industries, x.planned_area_m2, x.built_area_m2, x.construction_area_m2, x.price_guide,
       x.contact_desk, x.description, x.description_en
from register.park x
where x.publication_state = 'published'
  and x.kind = 'featured_town';

create view open_data.parcels as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.realm, x.park_code, x.land_use_code, x.land_use_std, x.registered_area_m2, x.far_min, x.far_max, x.density_min_pct,
       x.density_max_pct, x.green_min_pct, x.green_max_pct, x.height_min_m, x.height_max_m, x.price_min_wan_cny_per_mu,
       x.price_max_wan_cny_per_mu, x.price_negotiable, x.utilities, x.power_kva, x.investment_intensity_min_wan_cny_per_mu,
       x.tax_min_wan_cny_per_mu, x.energy_max_tce_per_wan_cny, x.emission_max_kg_per_wan_cny, x.description, x.description_en,
       s.status
from register.parcel x
left join register.parcel_state s on s.parcel_id = x.id
where x.publication_state = 'published';

create view open_data.buildings as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.kind, x.park_code, x.parcel_code, x.storeys, x.floor_area_m2, x.typical_floor_area_m2, x.min_unit_area_m2, x.height_m,
       x.clear_height_m, x.floor_load_t_m2, x.column_grid, x.crane_t, x.power_kva, x.fire_class, x.grade, x.parking_spaces,
       x.rent_cny_m2_month, x.rent_cny_m2_day, x.sale_cny_m2, x.built_year, x.description, x.description_en, s.status,
       s.vacant_area_m2
from register.building x
left join register.building_state s on s.building_id = x.id
where x.publication_state = 'published';

create view open_data.projects as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.chain_code, x.track, x.total_investment_wan_cny, x.description, x.description_en, s.stage, s.stage_since_on
from register.project x
left join register.project_state s on s.project_id = x.id
where x.publication_state = 'published'
  and s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY');

create view open_data.enterprises as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.chain_code, x.size_class
from register.enterprise x
where x.publication_state = 'published';

create view open_data.policies as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.policy_code, x.clause_no, x.kind, x.summary, x.summary_en, x.chain_code, x.max_amount_wan_cny, p.name as policy_name,
       p.name_en as policy_name_en, p.document_no, p.issuer, p.valid_during, p.legal_basis, p.fair_review_on, p.fair_review_result
from register.policy_clause x
join register.policy p on p.county_code = x.county_code and p.code = x.policy_code
where x.publication_state = 'published'
  and p.fair_review_result in ('passed', 'passed_with_exception')
  and (now() at time zone (select c.time_zone from register.county c where c.code = x.county_code))::date <@ p.valid_during;

create view open_data.transport as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.kind, x.status, x.road_class, x.route_no, x.opened_on, x.expected_on, x.length_m, x.published_source
from register.transport_feature x
where x.publication_state = 'published';

create view open_data.admin_areas as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom_public as geom, x.tile_geom_public as tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.level, x.kind, x.is_indicative
from register.admin_area x
where x.publication_state = 'published';

create view staff_data.parks as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.kind, x.level, x.theme, x.leading_industries, x.planned_area_m2, x.built_area_m2, x.construction_area_m2, x.price_guide,
       x.contact_desk, x.description, x.description_en
from register.park x
where x.kind <> 'featured_town';

create view staff_data.featured_towns as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.kind, x.level, x.theme, x.leading_industries, x.planned_area_m2, x.built_area_m2, x.construction_area_m2, x.price_guide,
       x.contact_desk, x.description, x.description_en
from register.park x
where x.kind = 'featured_town';

create view staff_data.parcels as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.realm, x.park_code, x.land_use_code, x.land_use_std, x.registered_area_m2, x.far_min, x.far_max, x.density_min_pct,
       x.density_max_pct, x.green_min_pct, x.green_max_pct, x.height_min_m, x.height_max_m, x.price_min_wan_cny_per_mu,
       x.price_max_wan_cny_per_mu, x.price_negotiable, x.utilities, x.power_kva, x.investment_intensity_min_wan_cny_per_mu,
       x.tax_min_wan_cny_per_mu, x.energy_max_tce_per_wan_cny, x.emission_max_kg_per_wan_cny, x.description, x.description_en,
       s.status,
       x.cadastral_code, x.real_estate_unit_code, s.stage, s.approved_on, s.supply_method, s.contract_on, s.land_price_wan_cny,
       s.agreed_delivery_on, s.delivered_on, s.agreed_start_on, s.started_on, s.suspended_since_on, s.agreed_completion_on,
       s.completed_on, s.agreed_production_on, s.produced_on, s.agreed_capacity_on, s.delay_cause, w.result as flag, w.level as flag_level
from register.parcel x
left join register.parcel_state s on s.parcel_id = x.id
left join lateral (
    select f.result, f.level from register.finding f
    where f.county_code = x.county_code and f.subject_kind = 'parcel' and f.subject_id = x.id and f.holds = 'yes'
    order by array_position(array['RED', 'YELLOW', 'INFO'], f.level), f.rule_id limit 1
) w on true;

create view staff_data.buildings as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.kind, x.park_code, x.parcel_code, x.storeys, x.floor_area_m2, x.typical_floor_area_m2, x.min_unit_area_m2, x.height_m,
       x.clear_height_m, x.floor_load_t_m2, x.column_grid, x.crane_t, x.power_kva, x.fire_class, x.grade, x.parking_spaces,
       x.rent_cny_m2_month, x.rent_cny_m2_day, x.sale_cny_m2, x.built_year, x.description, x.description_en, s.status,
       s.vacant_area_m2,
       s.completed_on
from register.building x
left join register.building_state s on s.building_id = x.id;

create view staff_data.projects as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.chain_code, x.track, x.total_investment_wan_cny, x.description, x.description_en, s.stage, s.stage_since_on,
       x.investor_name, x.origin, x.land_cost_wan_cny, x.tax_fee_wan_cny, x.other_investment_wan_cny, x.planned_tax_wan_cny,
       x.planned_output_wan_cny, x.planned_jobs, x.responsible_leader, x.direct_owner, x.needs_new_land, s.signed_on
from register.project x
left join register.project_state s on s.project_id = x.id
where (x.publication_state = 'published' or s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY')
       or (register.setting('yzt.tier') = 'P3'
           and (register.setting('yzt.units') = '*' or x.unit_code = any(string_to_array(register.setting('yzt.units'), ',')))));

create view staff_data.enterprises as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.chain_code, x.size_class,
       x.credit_code, x.industry_code, x.industry_std_version, x.is_above_scale, x.park_code
from register.enterprise x;

create view staff_data.policies as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.policy_code, x.clause_no, x.kind, x.summary, x.summary_en, x.chain_code, x.max_amount_wan_cny, p.name as policy_name,
       p.name_en as policy_name_en, p.document_no, p.issuer, p.valid_during, p.legal_basis, p.fair_review_on, p.fair_review_result
from register.policy_clause x
join register.policy p on p.county_code = x.county_code and p.code = x.policy_code;

create view staff_data.transport as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.kind, x.status, x.road_class, x.route_no, x.opened_on, x.expected_on, x.length_m, x.published_source
from register.transport_feature x;

create view staff_data.admin_areas as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.level, x.kind, x.is_indicative
from register.admin_area x;

create view staff_data.controls as
select x.id, x.county_code, x.code, x.name, x.name_en, x.geom, x.tile_geom, x.geometry_quality, x.position_quality, x.area_m2,
       x.town_code, x.unit_code, x.is_sample, x.data_source_id, x.data_date, x.version, x.updated_at,
       x.publication_state, x.source_code, x.source_srid, x.extra, x.updated_by,
       x.kind, x.plan_name, x.approval_no, x.approved_on, x.land_use_code, x.far_min, x.far_max, x.density_max_pct, x.height_max_m
from register.planning_control x;

create view staff_data.findings as
select x.id, x.county_code, x.code, p.name, p.name_en, p.geom, p.tile_geom, p.geometry_quality, p.position_quality, p.area_m2,
       p.town_code, p.unit_code, p.is_sample, p.data_source_id, x.as_of as data_date, p.version, x.computed_at as updated_at,
       x.rule_id, x.rule_version, x.as_of, x.holds, x.result, x.level, x.since_on, x.next_on, x.inputs, x.parameters, x.missing,
       x.basis, x.subject_kind, x.subject_id, p.code as subject_code
from register.finding x
join register.parcel p on p.id = x.subject_id and x.subject_kind = 'parcel';

create view open_data.counties as
select code, name, name_en, outline, survey_srid, time_zone, rule_set, words, public_decimals, is_default, is_sample, version, updated_at
from register.county;

create view open_data.code_values as
select v.list_code, v.code, v.name, v.name_en, v.parent_code, v.sort_no, v.note, v.source, l.name as list_name, l.name_en as list_name_en
from register.code_value v
join register.code_list l on l.code = v.list_code;

create view open_data.fact_kinds as
select code, subject_kinds, value_type, unit, code_list, name, name_en, meaning, source, is_public, may_be_future, sort_no
from register.fact_kind where is_public;

create view open_data.data_sources as
select id, county_code, code, name, name_en, publisher, licence, attribution, url, retrieved_on, data_date, known_faults, is_sample
from register.data_source;

create view open_data.units as
select id, county_code, code, name, name_en, kind, parent_code, town_code, phone, valid_during, is_sample
from register.unit where kind in ('town', 'park', 'bureau');

create view open_data.chains as
select id, county_code, code, name, name_en, kind, is_confirmed
from register.chain;

create view open_data.policy_documents as
select p.id, p.county_code, p.code, p.name, p.name_en, p.document_no, p.issuer, p.valid_during, p.legal_basis, p.fair_review_on,
       p.fair_review_result, p.is_sample, p.version
from register.policy p
where p.fair_review_result in ('passed', 'passed_with_exception')
  and (now() at time zone (select c.time_zone from register.county c where c.code = p.county_code))::date <@ p.valid_during;

create view open_data.building_spaces as
select s.id, s.county_code, s.code, s.building_code, s.floor, s.part_no, s.area_m2, s.is_vacant, s.rent_cny_m2_month, s.is_sample, s.version
from register.building_space s
join register.building x on x.county_code = s.county_code and x.code = s.building_code
where x.publication_state = 'published';

create view open_data.road_edges as
select id, county_code, code, from_node, to_node, length_m, speed_km_h, is_oneway, road_class, status, geom, is_sample
from register.road_edge;

create view open_data.park_works as
select w.id, w.county_code, w.code, w.park_code, w.name, w.name_en, w.kind, w.planned_start_on, w.planned_end_on, w.started_on,
       w.finished_on, w.is_sample
from register.park_work w
join register.park x on x.county_code = w.county_code and x.code = w.park_code
where x.publication_state = 'published';

create view open_data.parcel_chains as
select r.county_code, r.parcel_code, r.chain_code
from register.parcel_chain r
join register.parcel a on a.county_code = r.county_code and a.code = r.parcel_code
where a.publication_state = 'published';

create view open_data.building_chains as
select r.county_code, r.building_code, r.chain_code
from register.building_chain r
join register.building a on a.county_code = r.county_code and a.code = r.building_code
where a.publication_state = 'published';

create view open_data.project_parcels as
select r.county_code, r.project_code, r.parcel_code, r.during
from register.project_parcel r
join register.project a on a.county_code = r.county_code and a.code = r.project_code
join register.parcel b on b.county_code = r.county_code and b.code = r.parcel_code
left join register.project_state s on s.project_id = a.id
where a.publication_state = 'published' and b.publication_state = 'published'
  and s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY');

create view open_data.project_buildings as
select r.county_code, r.project_code, r.building_code, r.during
from register.project_building r
join register.project a on a.county_code = r.county_code and a.code = r.project_code
join register.building b on b.county_code = r.county_code and b.code = r.building_code
left join register.project_state s on s.project_id = a.id
where a.publication_state = 'published' and b.publication_state = 'published'
  and s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY');

create view open_data.facts as
select f.id, f.county_code, f.subject_kind, f.subject_id, f.kind, f.value_date, f.value_number, f.value_text, f.value_bool,
       f.effective_on, f.recorded_at, null::text as recorded_by, null::text as document_no, null::text as note,
       f.retracts_fact_id, r.id as retracted_by_fact_id, f.is_sample
from register.fact f
join register.fact_kind k on k.code = f.kind and k.is_public
left join register.fact r on r.retracts_fact_id = f.id
where (f.subject_kind = 'parcel' and exists (
           select from register.parcel x where x.id = f.subject_id and x.publication_state = 'published'))
   or (f.subject_kind = 'building' and exists (
           select from register.building x where x.id = f.subject_id and x.publication_state = 'published'))
   or (f.subject_kind = 'project' and exists (
           select from register.project x join register.project_state s on s.project_id = x.id
           where x.id = f.subject_id and x.publication_state = 'published'
             and s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY')
             and f.value_text in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY')));

create view open_data.events as
select id, county_code, collection, code, subject_version, fields, at
from register.event_outbox where is_public;

create view staff_data.counties as
select code, name, name_en, outline, survey_srid, time_zone, rule_set, words, public_decimals, is_default, is_sample, version, updated_at
from register.county;

create view staff_data.code_values as
select v.list_code, v.code, v.name, v.name_en, v.parent_code, v.sort_no, v.note, v.source, l.name as list_name, l.name_en as list_name_en
from register.code_value v
join register.code_list l on l.code = v.list_code;

create view staff_data.fact_kinds as
select code, subject_kinds, value_type, unit, code_list, name, name_en, meaning, source, is_public, may_be_future, sort_no
from register.fact_kind;

create view staff_data.data_sources as
select id, county_code, code, name, name_en, publisher, licence, attribution, url, retrieved_on, data_date, known_faults, is_sample
from register.data_source;

create view staff_data.units as
select id, county_code, code, name, name_en, kind, parent_code, town_code, phone, valid_during, is_sample, version, updated_at, updated_by
from register.unit;

create view staff_data.chains as
select id, county_code, code, name, name_en, kind, is_confirmed
from register.chain;

create view staff_data.policy_documents as
select p.id, p.county_code, p.code, p.name, p.name_en, p.document_no, p.issuer, p.valid_during, p.legal_basis, p.fair_review_on,
       p.fair_review_result, p.is_sample, p.version, p.updated_by
from register.policy p;

create view staff_data.building_spaces as
select s.id, s.county_code, s.code, s.building_code, s.floor, s.part_no, s.area_m2, s.is_vacant, s.rent_cny_m2_month, s.is_sample, s.version
from register.building_space s
join register.building x on x.county_code = s.county_code and x.code = s.building_code;

create view staff_data.road_edges as
select id, county_code, code, from_node, to_node, length_m, speed_km_h, is_oneway, road_class, status, geom, is_sample
from register.road_edge;

create view staff_data.park_works as
select w.id, w.county_code, w.code, w.park_code, w.name, w.name_en, w.kind, w.planned_start_on, w.planned_end_on, w.started_on,
       w.finished_on, w.is_sample
from register.park_work w
join register.park x on x.county_code = w.county_code and x.code = w.park_code;

create view staff_data.parcel_chains as
select r.county_code, r.parcel_code, r.chain_code
from register.parcel_chain r
join register.parcel a on a.county_code = r.county_code and a.code = r.parcel_code;

create view staff_data.building_chains as
select r.county_code, r.building_code, r.chain_code
from register.building_chain r
join register.building a on a.county_code = r.county_code and a.code = r.building_code;

create view staff_data.project_parcels as
select r.county_code, r.project_code, r.parcel_code, r.during
from register.project_parcel r
join register.project a on a.county_code = r.county_code and a.code = r.project_code
join register.parcel b on b.county_code = r.county_code and b.code = r.parcel_code
left join register.project_state s on s.project_id = a.id
where (a.publication_state = 'published' or s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY')
       or (register.setting('yzt.tier') = 'P3'
           and (register.setting('yzt.units') = '*' or a.unit_code = any(string_to_array(register.setting('yzt.units'), ',')))));

create view staff_data.project_buildings as
select r.county_code, r.project_code, r.building_code, r.during
from register.project_building r
join register.project a on a.county_code = r.county_code and a.code = r.project_code
join register.building b on b.county_code = r.county_code and b.code = r.building_code
left join register.project_state s on s.project_id = a.id
where (a.publication_state = 'published' or s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY')
       or (register.setting('yzt.tier') = 'P3'
           and (register.setting('yzt.units') = '*' or a.unit_code = any(string_to_array(register.setting('yzt.units'), ',')))));

create view staff_data.facts as
select f.id, f.county_code, f.subject_kind, f.subject_id, f.kind, f.value_date, f.value_number, f.value_text, f.value_bool,
       f.effective_on, f.recorded_at, f.recorded_by, f.document_no, f.note, f.retracts_fact_id, r.id as retracted_by_fact_id,
       f.is_sample, f.document_id, f.import_batch_id
from register.fact f
left join register.fact r on r.retracts_fact_id = f.id
where f.subject_kind <> 'project' or exists (
    select from register.project x left join register.project_state s on s.project_id = x.id
    where x.id = f.subject_id
      and (x.publication_state = 'published' or s.stage in ('SIGNED', 'UNDER_CONSTRUCTION', 'IN_PRODUCTION', 'FULL_CAPACITY')
           or (register.setting('yzt.tier') = 'P3'
               and (register.setting('yzt.units') = '*' or x.unit_code = any(string_to_array(register.setting('yzt.units'), ','))))));

create view staff_data.events as
select id, county_code, collection, code, subject_version, fields, at
from register.event_outbox;

create view staff_data.parameters as
select id, key, county_code, effective_on, value_num, value_den, unit, citation, confidence, reviewed_on
from register.parameter;
