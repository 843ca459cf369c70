-- One import batch. Parameters: county (code), batch (id).
select
    id,
    collection,
    file_name,
    state,
    progress,
    report,
    guesses,
    options,
    rejects_file_id,
    undoes_batch_id,
    created_at,
    created_by,
    finished_at
from register.import_batch
where
    county_code = :county
    and id = :batch
