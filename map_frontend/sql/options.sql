-- What the filters' choices are called, in the order they are offered: code lists, towns, parks, chains and sectors of the county,
-- and the land uses its parcels have. Parameters: county (code).
select
    v.list_code,
    v.code,
    v.name,
    v.name_en,
    v.sort_no
from open_data.code_values as v
where v.list_code in ('parcel_status', 'building_status', 'project_stage', 'utility', 'size_class', 'policy_kind')
union all
select
    'land_use' as list_code,
    u.code,
    coalesce(v.name, u.code) as name,
    coalesce(v.name_en, u.code) as name_en,
    0 as sort_no
from (
    -- those of a large county stand ready (migration 0029)
    select value as code
    from open_data.parcel_facets
    where county_code = :county and facet = 'land_use'
    group by value
    having sum(n) > 0
    union all
    select distinct land_use_code
    from open_data.parcels
    where
        county_code = :county
        and not exists (
            select from open_data.tile_details as d
            where d.county_code = :county and d.collection = 'parcels' and d.shapes_from_zoom > 0
        )
) as u
left join open_data.code_values as v on v.list_code = 'land_use' and u.code = v.code
where u.code is not null
union all
select
    'town' as list_code,
    code,
    name,
    coalesce(name_en, name) as name_en,
    0 as sort_no
from open_data.admin_areas
where county_code = :county and level = 'town'
union all
select
    'park' as list_code,
    code,
    name,
    coalesce(name_en, name) as name_en,
    0 as sort_no
from open_data.parks
where county_code = :county
union all
select
    kind as list_code,
    code,
    name,
    coalesce(name_en, name) as name_en,
    0 as sort_no
from open_data.chains
where county_code = :county
order by list_code, sort_no, code
