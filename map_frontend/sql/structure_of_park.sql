-- Public firms by chain inside one park or featured town: name of the place, and {chain, zh, en, n} most first. By place, because
-- the public view of a firm names no park. Parameters: county, code. Index: GiST of enterprises.
with place as (
    select
        name,
        name_en,
        geom
    from open_data.parks
    where county_code = :county and code = :code
    union all
    select
        name,
        name_en,
        geom
    from open_data.featured_towns
    where county_code = :county and code = :code
),

firms as (
    select
        coalesce(e.chain_code, '') as chain_code,
        count(*) as n
    from place as p
    inner join open_data.enterprises as e on st_intersects(e.geom, p.geom)
    where e.county_code = :county
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
