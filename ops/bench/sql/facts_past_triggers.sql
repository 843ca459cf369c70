-- Facts of one batch, from the temporary table `fact_staging`, into the ledger as its triggers would stamp them.
-- Parameters: county, account, instant.
insert into register.fact (
    county_code, subject_kind, is_sample, recorded_at, recorded_by, subject_id, kind, value_text, value_date, effective_on
)
select :county, 'parcel', true, :instant, :account, subject_id, kind, value_text, value_date, effective_on
from fact_staging
