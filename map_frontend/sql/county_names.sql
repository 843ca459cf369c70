-- Names beside codes: towns, units, chains and parks of a county, and kinds of facts. Parameters: county (code).
select
    'town' as list_code,
    code,
    name,
    coalesce(name_en, name) as name_en
from open_data.admin_areas
where county_code = :county
union all
select
    'unit',
    code,
    name,
    coalesce(name_en, name)
from open_data.units
where county_code = :county
union all
select
    'chain',
    code,
    name,
    coalesce(name_en, name)
from open_data.chains
where county_code = :county
union all
select
    'park',
    code,
    name,
    coalesce(name_en, name)
from open_data.parks
where county_code = :county
union all
select
    'park',
    code,
    name,
    coalesce(name_en, name)
from open_data.featured_towns
where county_code = :county
union all
select
    'fact',
    code,
    name,
    name_en
from open_data.fact_kinds
