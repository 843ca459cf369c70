drop index register.ix_clock_pause_parcel;
create index ix_clock_pause_parcel on register.clock_pause (county_code, parcel_id);

create or replace function register.effective_facts(p_county text, p_subject_kind text, ids bigint[], as_of date, known_at timestamptz)
returns setof register.fact
language sql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
    select distinct on (f.subject_id, f.kind) f.*
    from fact f
    where f.county_code = p_county and f.subject_kind = p_subject_kind and (ids is null or f.subject_id = any (ids))
      and f.effective_on <= as_of and f.recorded_at <= known_at
      and num_nonnulls(f.value_date, f.value_number, f.value_text, f.value_bool) = 1
      and not exists (select from fact r where r.retracts_fact_id = f.id and r.recorded_at <= known_at)
    order by f.subject_id, f.kind, f.effective_on desc, f.id desc
$$;

create or replace function register.parcel_pauses(p_county text, ids bigint[], as_of date, known_at timestamptz)
returns table (parcel_id bigint, pauses datemultirange)
language sql stable security definer set search_path = register, pg_catalog, pg_temp as $$
    select p.parcel_id, range_agg(daterange(p.from_on, p.to_on, '[]'))
    from clock_pause p
    join pause_cause c on c.code = p.cause and c.stops_clock
    where p.county_code = p_county and (ids is null or p.parcel_id = any (ids))
      and p.from_on <= as_of and p.recorded_at <= known_at
      and not exists (select from clock_pause r where r.retracts_pause_id = p.id and r.recorded_at <= known_at)
    group by p.parcel_id
$$;
