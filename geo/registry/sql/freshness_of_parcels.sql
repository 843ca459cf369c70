-- The newest of a county's parcels: one row (collection, newest data date, last change). Parameters: county (code). In a large county
-- the data dates there are stand ready (migration 0029), and nobody asks for the last change; else one pass over the county's parcels.
select
    'parcels' as collection,
    coalesce(k.data_date, r.data_date) as data_date,
    r.changed_at
from (
    select max(f.value::date) as data_date
    from (
        select value
        from open_data.parcel_facets
        where county_code = :county and facet = 'data_date'
        group by value
        having sum(n) > 0
    ) as f
) as k
left join lateral (
    select
        max(x.data_date) as data_date,
        max(x.updated_at) as changed_at
    from open_data.parcels as x
    where x.county_code = :county and k.data_date is null
) as r on true
