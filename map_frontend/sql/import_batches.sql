-- Latest import batches of a county. Parameters: county (code), limit (rows). Index: ix_import_batch_county.
select
    id,
    collection,
    file_name,
    state,
    report,
    undoes_batch_id,
    created_at,
    created_by
from register.import_batch
where county_code = :county
order by id desc
limit :limit
