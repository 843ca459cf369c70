-- Plots on offer in the same town, the nearest in size first: what one may want to compare with. Parameters: county, town, codes
-- (not these), area_m2, most (rows).
select
    code,
    name,
    name_en
from open_data.parcels
where
    county_code = :county
    and town_code = :town
    and status in ('AVAILABLE', 'ON_OFFER')
    and code <> all(:codes)
order by abs(area_m2 - :area_m2), code
limit :most
