-- Tax and output of a park's firms by year beside the county's, with the land they use (MU-07: owned + rented in - rented out, on the
-- last day of the year; a site without an area of its own has its parcel's). Wan CNY and square metres; the last revision counts. A firm
-- enters a sum with both the figure and land; the others are counted. Parameters: county, park.
with latest as (
    select distinct on (y.enterprise_code, y.year)
        y.enterprise_code,
        y.year,
        y.tax_wan_cny,
        y.output_wan_cny,
        y.mu_grade
    from register.enterprise_year as y
    where y.county_code = :county
    order by y.enterprise_code asc, y.year asc, y.revision desc
),

firm as (
    select
        l.year,
        l.tax_wan_cny,
        l.output_wan_cny,
        l.mu_grade,
        coalesce(e.park_code = :park, false) as is_here,
        (
            select sum(coalesce(s.area_m2, p.registered_area_m2, p.area_m2) * case s.tenure when 'rented_out' then -1 else 1 end)
            from register.enterprise_site as s
            left join staff_data.parcels as p on s.county_code = p.county_code and s.parcel_code = p.code
            where
                s.county_code = :county
                and s.enterprise_code = l.enterprise_code
                and s.during @> make_date(l.year, 12, 31)
        ) as land_m2
    from latest as l
    inner join staff_data.enterprises as e on e.county_code = :county and l.enterprise_code = e.code
)

select
    year,
    count(*) filter (where is_here) as firms,
    count(*) filter (where is_here and (land_m2 > 0) is not true) as without_land,
    sum(tax_wan_cny) filter (where is_here and land_m2 > 0) as tax_wan_cny,
    sum(land_m2) filter (where is_here and land_m2 > 0 and tax_wan_cny is not null) as tax_land_m2,
    sum(output_wan_cny) filter (where is_here and land_m2 > 0) as output_wan_cny,
    sum(land_m2) filter (where is_here and land_m2 > 0 and output_wan_cny is not null) as output_land_m2,
    sum(tax_wan_cny) filter (where land_m2 > 0) as county_tax_wan_cny,
    sum(land_m2) filter (where land_m2 > 0 and tax_wan_cny is not null) as county_tax_land_m2,
    sum(output_wan_cny) filter (where land_m2 > 0) as county_output_wan_cny,
    sum(land_m2) filter (where land_m2 > 0 and output_wan_cny is not null) as county_output_land_m2,
    count(*) filter (where is_here and mu_grade = 'A') as grade_a,
    count(*) filter (where is_here and mu_grade = 'B') as grade_b,
    count(*) filter (where is_here and mu_grade = 'C') as grade_c,
    count(*) filter (where is_here and mu_grade = 'D') as grade_d,
    count(*) filter (where is_here and mu_grade is null) as ungraded
from firm
group by year
order by year
