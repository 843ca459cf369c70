-- Plots to measure: outline in the survey CRS, area the ratios are of, the day of the newest survey that holds on a civil date.
-- Bound: county, ids (bigint[]), as_of (date). Relies on pk_parcel, ix_fact_subject.
select
    p.id,
    p.code,
    p.version,
    coalesce(p.registered_area_m2, p.area_m2)::float8 as area_m2,
    st_asbinary(st_transform(p.geom, c.survey_srid)) as outline,
    c.survey_srid,
    s.value_date as surveyed_on
from register.parcel as p
inner join register.county as c on p.county_code = c.code
left join
    register.effective_facts(:county, 'parcel', cast(:ids as bigint[]), cast(:as_of as date), 'infinity') as s
    on p.id = s.subject_id and s.kind = 'ground_surveyed_on'
where p.county_code = :county and p.id = any(cast(:ids as bigint[])) and p.geom is not null
order by p.id
