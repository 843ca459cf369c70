-- Buildings by kind. Parameters: county (code).
select
    kind,
    count(*) as n
from open_data.buildings
where county_code = :county
group by kind
