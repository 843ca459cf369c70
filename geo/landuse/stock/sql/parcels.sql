-- One page of the parcels of a stock, over `asked`. Parameters: sort (next, area, age), after_key and after_id (null: from the
-- beginning), how_many. `sort_key` rises; what has no day, no age or no area comes last.
select
    k.*,
    g.missing
from (
    select
        a.*,
        coalesce(
            case cast(:sort as text)
                when 'next' then cast(a.next_on - date '1900-01-01' as numeric)
                when 'area' then -a.area_m2
                when 'age' then cast(a.since_on - date '1900-01-01' as numeric)
            end, 'Infinity'
        ) as sort_key
    from asked as a
) as k
left join lateral (
    select array_agg(distinct m.fact order by m.fact) as missing
    from staff_data.findings as f
    cross join unnest(f.missing) as m (fact)
    where
        f.county_code = :county
        and f.subject_kind = 'parcel'
        and f.subject_id = k.subject_id
        and f.holds = 'unknown'
        and f.rule_id = any(cast(:class_rules as text[]))
) as g on true
where cast(:after_key as numeric) is null or (k.sort_key, k.subject_id) > (cast(:after_key as numeric), cast(:after_id as bigint))
order by k.sort_key, k.subject_id
limit :how_many
