-- Infrastructure works of a park with their dates and the state they are in on a day. Parameters: county, code, today.
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
    case
        when w.finished_on <= cast(:today as date) then 'built'
        when w.planned_end_on < cast(:today as date) then 'late'
        when w.started_on <= cast(:today as date) then 'building'
        when w.planned_start_on < cast(:today as date) then 'late'
        else 'planned'
    end as state
from open_data.park_works as w
where
    w.county_code = :county
    and w.park_code = :code
order by w.planned_start_on nulls last, w.code
