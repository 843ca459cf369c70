-- The day some parcels were surveyed. Parameters: county, ids.
insert into register.fact (county_code, subject_kind, is_sample, subject_id, kind, value_date, effective_on)
select :county, 'parcel', true, n, 'ground_surveyed_on', date '2026-06-30', date '2026-06-30'
from unnest(cast(:ids as bigint[])) as n
