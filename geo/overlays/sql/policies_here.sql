-- Clauses that hold where one thing lies: those of the whole county, and those whose area it lies in, wholly or in part.
-- Parameters: county, code (of the thing), chains (its chain codes; empty = clauses for any chain are told), today (civil date).
-- The public view holds only what is in force and passed its review (POL-01). Relies on ix_policy_clause_geom(_public).
with here as materialized (
    select x.geom
    from open_data.things as x
    where
        x.county_code = :county
        and x.code = :code
),

found as (
    select
        p.*,
        'county' as scope
    from open_data.policies as p
    where
        p.county_code = :county
        and p.geom is null
    union all
    select
        p.*,
        case when st_covers(p.geom, here.geom) then 'area' else 'part_of_area' end as scope
    from here
    inner join open_data.policies as p
        on
            p.county_code = :county
            and st_intersects(p.geom, here.geom)
            and not st_touches(p.geom, here.geom)
)

select
    f.code,
    f.name,
    f.name_en,
    f.policy_code,
    f.policy_name,
    f.policy_name_en,
    f.clause_no,
    f.kind,
    f.summary,
    f.summary_en,
    f.chain_code,
    f.max_amount_wan_cny,
    f.document_no,
    f.issuer,
    f.scope,
    f.is_sample,
    f.data_source_id,
    f.data_date,
    lower(f.valid_during) as valid_from,
    upper(f.valid_during) - 1 as valid_to,
    cast(:today as date) <@ f.valid_during as is_in_force
from found as f
where
    f.chain_code is null
    or cardinality(cast(:chains as text[])) = 0
    or f.chain_code = any(cast(:chains as text[]))
order by is_in_force desc, f.chain_code is null, f.scope = 'county', f.code
