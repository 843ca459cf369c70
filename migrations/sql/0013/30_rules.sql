-- What rules read of parcels, now with what was measured. A survey taken back leaves nothing measured.

drop function register.parcel_columns(text, bigint[], timestamptz);
create function register.parcel_columns(p_county text, ids bigint[], known_at timestamptz)
returns table (
    id bigint, code text, parcel_area_m2 numeric, far_min_ratio numeric, intensity_min_wan_cny_per_mu numeric,
    tax_min_wan_cny_per_mu numeric, energy_max_tce_per_wan_cny numeric, emission_max_kg_per_wan_cny numeric,
    measured_undeveloped_area_m2 numeric, measured_far_ratio numeric, measured_coefficient_ratio numeric
)
language plpgsql stable security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    if not exists (select from county c where c.code = p_county and c.rule_set is not null) then
        return;
    end if;
    if known_at = 'infinity' then
        return query
            select x.id, x.code, coalesce(x.registered_area_m2, x.area_m2), x.far_min, x.investment_intensity_min_wan_cny_per_mu,
                   x.tax_min_wan_cny_per_mu, x.energy_max_tce_per_wan_cny, x.emission_max_kg_per_wan_cny,
                   e.remainder_area_m2, e.far_ratio, e.coefficient_ratio
            from parcel x
            left join land_evidence e on e.parcel_id = x.id
            where x.county_code = p_county and (ids is null or x.id = any (ids));
    else
        return query
            select x.id, x.code, coalesce(x.registered_area_m2, x.area_m2), x.far_min, x.investment_intensity_min_wan_cny_per_mu,
                   x.tax_min_wan_cny_per_mu, x.energy_max_tce_per_wan_cny, x.emission_max_kg_per_wan_cny,
                   e.remainder_area_m2, e.far_ratio, e.coefficient_ratio
            from parcel_at(p_county, known_at) x
            left join land_evidence_version e on e.county_code = p_county and e.parcel_id = x.id and e.recorded_during @> known_at
            where ids is null or x.id = any (ids);
    end if;
end $$;
revoke all on function register.parcel_columns(text, bigint[], timestamptz) from public;
grant execute on function register.parcel_columns(text, bigint[], timestamptz) to yzt_staff, yzt_admin;
