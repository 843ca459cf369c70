-- The newest of one collection of a county: one row (collection, newest data date, last change). Parameters: county (code).
-- `open_data.collection` stands for its view, `'collection'` for its id; one pass over the county's rows.
select
    'collection' as collection,
    max(data_date) as data_date,
    max(updated_at) as changed_at
from open_data.collection
where county_code = :county
