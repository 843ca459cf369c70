-- A stock: per row and class how many parcels and how much land (square metres; parcels whose area nobody knows beside), and of these
-- the suspected idle, the red, those that stand long and those somebody said are wrong. Over `asked`.
select
    row_key,
    class,
    count(*) as parcels,
    coalesce(sum(area_m2), 0) as area_m2,
    count(*) filter (where area_m2 is null) as without_area,
    count(*) filter (where is_idle) as idle_parcels,
    coalesce(sum(area_m2) filter (where is_idle), 0) as idle_area_m2,
    count(*) filter (where is_red) as red_parcels,
    coalesce(sum(area_m2) filter (where is_red), 0) as red_area_m2,
    count(*) filter (where is_long) as long_parcels,
    coalesce(sum(area_m2) filter (where is_long), 0) as long_area_m2,
    count(*) filter (where is_disputed) as disputed_parcels,
    coalesce(sum(area_m2) filter (where is_disputed), 0) as disputed_area_m2,
    min(judged_on) as judged_on
from asked
group by row_key, class
