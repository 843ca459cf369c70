-- Where the parcels lie that turn for the worse in (as_of, until]: a point on each (EPSG:4490), its first day, the worst level
-- of that day. unit, results: null = all; levels: those wanted. Relies on ix_finding_turn_worse.
with turn as materialized (
    select distinct on (t.parcel_id) t.parcel_id, t.parcel_code, t.turns_on, t.level, t.geom
    from staff_data.finding_turns t
    where
        t.county_code = :county and t.is_worse and t.turns_on > cast(:as_of as date) and t.turns_on <= cast(:until as date)
        and (cast(:unit as text) is null or t.unit_code = :unit)
        and (cast(:results as text []) is null or t.result = any(:results))
        and t.level = any(cast(:levels as text []))
    order by t.parcel_id, t.turns_on, array_position(array['RED', 'YELLOW', 'INFO'], t.level)
)

select
    turn.parcel_code, st_x(p.point) as lon, st_y(p.point) as lat, turn.turns_on as first_on, turn.level
from turn
cross join lateral st_pointonsurface(turn.geom) as p (point)
where p.point is not null
order by turn.turns_on, turn.parcel_code
limit :limit
