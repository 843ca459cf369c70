-- Rows of a batch that were not taken, or kept at an undo. Parameters: batch (id), limit (rows).
select
    row_no,
    code,
    field,
    reason_code,
    reason
from register.import_row
where
    import_batch_id = :batch
    and action in ('rejected', 'kept')
order by row_no
limit :limit
