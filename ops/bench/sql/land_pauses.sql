-- A pause for one of eight parcels with a life, two overlapping ones for every other of them, one in fifty without an end.
insert into register.clock_pause (county_code, parcel_id, from_on, to_on, cause, is_sample)
select :county, p.id, s.day + 100 + n * 50, case when p.id % 250 > 0 or n = 0 then s.day + 170 + n * 50 end,
       case when p.id % 3 = 0 then 'FORCE_MAJEURE' else 'GOVERNMENT_OTHER' end, true
from register.parcel p
cross join lateral (select date '2018-01-01' + (p.id * 37 % 2600)::int as day) s
cross join generate_series(0, 1) n
where p.county_code = :county and p.id % 5 < 2 and p.id / 5 % 8 = 0 and (n = 0 or p.id % 2 = 0)
