-- Infrastructure works of a park: state on a day, and whether they keep their planned end. Parameters: county, park, as_of.
select
    w.code,
    w.name,
    w.name_en,
    w.kind,
    w.planned_start_on,
    w.planned_end_on,
    w.started_on,
    w.finished_on,
    case
        when w.planned_end_on is null then 'no_date'
        when w.finished_on <= cast(:as_of as date) and w.finished_on <= w.planned_end_on then 'finished_on_time'
        when w.finished_on <= cast(:as_of as date) then 'finished_late'
        when w.planned_end_on < cast(:as_of as date) then 'late'
        when w.started_on <= cast(:as_of as date) then 'running'
        when w.planned_start_on < cast(:as_of as date) then 'late_start'
        else 'planned'
    end as state,
    case
        when w.finished_on <= cast(:as_of as date) then w.finished_on - w.planned_end_on
        when w.planned_end_on < cast(:as_of as date) then cast(:as_of as date) - w.planned_end_on
        when (w.started_on <= cast(:as_of as date)) is not true and w.planned_start_on < cast(:as_of as date)
            then cast(:as_of as date) - w.planned_start_on
    end as days_late
from staff_data.park_works as w
where w.county_code = :county and w.park_code = :park
order by w.planned_end_on nulls last, w.code
