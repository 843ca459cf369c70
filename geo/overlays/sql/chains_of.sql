-- The industry chains one thing is meant for, or belongs to. Parameters: collection, county, code (of the thing).
select r.chain_code
from open_data.parcel_chains as r
where
    cast(:collection as text) = 'parcels'
    and r.county_code = :county
    and r.parcel_code = :code
union
select r.chain_code
from open_data.building_chains as r
where
    cast(:collection as text) = 'buildings'
    and r.county_code = :county
    and r.building_code = :code
union
select j.chain_code
from open_data.projects as j
where
    cast(:collection as text) = 'projects'
    and j.county_code = :county
    and j.code = :code
    and j.chain_code is not null
order by chain_code
