-- The same facts as before, found by their subjects: a function in SQL is planned once for `ids` null and not null, and so read all
-- facts of the county for the one parcel a clerk told of.
create or replace function register.effective_facts(p_county text, p_subject_kind text, ids bigint[], as_of date, known_at timestamptz)
returns setof register.fact
language plpgsql stable security definer
set search_path = register, public, pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
begin
    return query
        select distinct on (f.subject_id, f.kind) f.*
        from fact f
        where f.county_code = p_county and f.subject_kind = p_subject_kind and (ids is null or f.subject_id = any (ids))
          and f.effective_on <= as_of and f.recorded_at <= known_at
          and num_nonnulls(f.value_date, f.value_number, f.value_text, f.value_bool) = 1
          and not exists (select from fact r where r.retracts_fact_id = f.id and r.recorded_at <= known_at)
        order by f.subject_id, f.kind, f.effective_on desc, f.id desc;
end $$;
