-- Parcels of no class today that come under one by themselves if nothing happens: by row, class of their first turn, and the shortest of
-- the horizons it falls in; each parcel once. Square metres. Parameters: horizons (days, rising). Over `asked` with all classes.
-- Relies on the key of register.finding_turn, which begins with the parcel.
with comer as (
    select
        a.row_key,
        a.area_m2,
        t.result,
        (
            select min(h.days)
            from unnest(cast(:horizons as integer[])) as h (days)
            where t.turns_on <= cast(:as_of as date) + h.days
        ) as within_days
    from asked as a
    inner join lateral (
        select
            n.turns_on,
            n.result
        from staff_data.finding_turns as n
        where
            n.county_code = :county
            and n.parcel_id = a.subject_id
            and n.holds = 'yes'
            and n.result = any(cast(:results as text[]))
            and n.turns_on > cast(:as_of as date)
        order by n.turns_on, array_position(cast(:results as text[]), n.result)
        limit 1
    ) as t on true
    where a.class in ('none', 'undecided')
)

select
    row_key,
    (cast(:classes as text[]))[array_position(cast(:results as text[]), result)] as class,
    within_days,
    count(*) as parcels,
    coalesce(sum(area_m2), 0) as area_m2,
    count(*) filter (where area_m2 is null) as without_area
from comer
where within_days is not null
group by row_key, class, within_days
