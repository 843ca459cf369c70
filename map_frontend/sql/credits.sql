-- Attribution lines to be shown on the county's map. Parameters: county (code).
select attribution
from open_data.data_sources
where
    (county_code = :county or county_code is null)
    and attribution is not null
union
select attribution
from open_data.surroundings
where
    county_code = :county
    and attribution is not null
order by attribution
