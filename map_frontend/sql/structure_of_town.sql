-- Public firms by chain of one town: name of the town, and {chain, zh, en, n} most first. Parameters: county, code.
with place as (
    select
        name,
        name_en
    from open_data.admin_areas
    where county_code = :county and code = :code
),

firms as (
    select
        coalesce(e.chain_code, '') as chain_code,
        count(*) as n
    from open_data.enterprises as e
    where e.county_code = :county and e.town_code = :code
    group by coalesce(e.chain_code, '')
),

named as (
    select
        f.chain_code,
        c.name,
        c.name_en,
        f.n
    from firms as f
    left join open_data.chains as c on c.county_code = :county and f.chain_code = c.code
)

select
    p.name,
    p.name_en,
    (
        select jsonb_agg(jsonb_build_array(d.chain_code, d.name, d.name_en, d.n) order by d.n desc, d.chain_code)
        from named as d
    ) as chains
from place as p
limit 1
