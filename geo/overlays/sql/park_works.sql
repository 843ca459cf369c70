-- Infrastructure works of a park with their dates, the state they are in today, and whether it is known where they lie.
-- Parameters: county, code (of the park).
select
    w.code,
    w.name,
    w.name_en,
    w.kind,
    w.planned_start_on,
    w.planned_end_on,
    w.started_on,
    w.finished_on,
    w.is_sample,
    w.status as state,
    w.geom is not null as is_located
from open_data.park_works as w
where
    w.county_code = :county
    and w.park_code = :code
order by w.planned_start_on nulls last, w.code
