-- For each last day of `horizons`: how many turns for the worse come up to it, and of how many parcels.
-- unit, results: null = all; levels: those wanted. Relies on ix_finding_turn_worse.
with turn as materialized (
    select t.turns_on, t.parcel_id
    from staff_data.finding_turns t
    where
        t.county_code = :county and t.is_worse and t.turns_on > cast(:as_of as date)
        and t.turns_on <= (select max(d) from unnest(cast(:horizons as date [])) as u (d))
        and (cast(:unit as text) is null or t.unit_code = :unit)
        and (cast(:results as text []) is null or t.result = any(:results))
        and t.level = any(cast(:levels as text []))
)

select
    h.until, count(turn.parcel_id) as turns, count(distinct turn.parcel_id) as parcels
from unnest(cast(:horizons as date [])) as h (until)
left join turn on turn.turns_on <= h.until
group by h.until
order by h.until
