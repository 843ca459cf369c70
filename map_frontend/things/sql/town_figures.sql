-- What a town has: parcels by status, projects by stage, buildings by kind, firms by chain. Parameters: county, code (of the town).
select
    'parcels' as collection,
    p.status as key,
    count(*) as n
from open_data.parcels as p
where
    p.county_code = :county
    and p.town_code = :code
group by p.status
union all
select
    'projects',
    j.stage,
    count(*)
from open_data.projects as j
where
    j.county_code = :county
    and j.town_code = :code
group by j.stage
union all
select
    'buildings',
    b.kind,
    count(*)
from open_data.buildings as b
where
    b.county_code = :county
    and b.town_code = :code
group by b.kind
union all
select
    'enterprises',
    e.chain_code,
    count(*)
from open_data.enterprises as e
where
    e.county_code = :county
    and e.town_code = :code
group by e.chain_code
order by collection, n desc, key
