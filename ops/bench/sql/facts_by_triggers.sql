-- Facts of one batch, from the temporary table `fact_staging`, into the ledger: its triggers check every row and bring the
-- state of now up to date. Parameters: county.
insert into register.fact (county_code, subject_kind, is_sample, subject_id, kind, value_text, value_date, effective_on)
select :county, 'parcel', true, subject_id, kind, value_text, value_date, effective_on
from fact_staging
