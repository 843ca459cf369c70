-- Lives of two fifths of the parcels, by their number: supplied, started, built, stopped, with areas, money and late corrections.
insert into register.fact (county_code, subject_kind, is_sample, subject_id, kind, value_date, value_number, value_text, effective_on)
select :county, 'parcel', true, p.id, f.kind, f.value_date, f.value_number, f.value_text, f.effective_on
from register.parcel p
cross join lateral (select date '2018-01-01' + (p.id * 37 % 2600)::int as day) s
cross join lateral (
    values ('contract_on', s.day, null::numeric, null::text, s.day, 10),
        ('delivered_on', s.day + 60, null, null, s.day + 60, 10),
        ('agreed_start_on', s.day + 300, null, null, s.day, 9),
        ('agreed_start_on', s.day + 330, null, null, s.day + 40, 3),
        ('land_price_wan_cny', null, 500 + p.id % 900, null, s.day, 8),
        ('delay_cause', null, null, 'OWNER', s.day + 200, 2),
        ('permit_on', s.day + 200, null, null, s.day + 200, 7),
        ('started_on', s.day + 320, null, null, s.day + 320, 6),
        ('agreed_completion_on', s.day + 900, null, null, s.day, 6),
        ('suspended_since_on', s.day + 500, null, null, s.day + 500, 1),
        ('developable_area_m2', null, p.registered_area_m2, null, s.day, 2),
        ('developed_area_m2', null, round(p.registered_area_m2 / 4, 2), null, s.day + 500, 2),
        ('undeveloped_area_m2', null, round(p.registered_area_m2 / 3, 2), null, s.day + 900, 4),
        ('completed_on', s.day + 1000, null, null, s.day + 1000, 4),
        ('produced_on', s.day + 1200, null, null, s.day + 1200, 3),
        ('committed_tax_wan_cny_per_mu', null, 20, null, s.day, 3),
        ('annual_tax_wan_cny', null, 100 + p.id % 700, null, s.day + 1300, 3)
) f (kind, value_date, value_number, value_text, effective_on, tenths)
where p.county_code = :county and p.id % 5 < 2 and p.id / 5 % 10 < f.tenths and f.effective_on <= date '2026-11-24'
