-- Per fact that is missing, and per fact and rule (rule_id null: over all rules): how many parcels and how much land (square metres) are
-- undecided for want of it, each parcel once; `alone`: those where a lead needs nothing else. Over `asked` with all classes.
with gap as (
    select
        m.fact,
        f.rule_id,
        a.subject_id,
        a.area_m2,
        bool_or(cardinality(f.missing) = 1) as is_alone
    from asked as a
    inner join staff_data.findings as f on a.subject_id = f.subject_id
    cross join unnest(f.missing) as m (fact)
    where f.county_code = :county and f.subject_kind = 'parcel' and f.holds = 'unknown'
    group by grouping sets ((m.fact, a.subject_id, a.area_m2), (m.fact, f.rule_id, a.subject_id, a.area_m2))
)

select
    fact,
    rule_id,
    count(*) as parcels,
    coalesce(sum(area_m2), 0) as area_m2,
    count(*) filter (where area_m2 is null) as without_area,
    count(*) filter (where is_alone) as alone_parcels,
    coalesce(sum(area_m2) filter (where is_alone), 0) as alone_area_m2
from gap
group by fact, rule_id
order by fact, rule_id nulls first
