-- The views of plots and buildings gain what can be asked and sorted by: distances, chains, and the order of what is on offer.
-- Written over the definition that stands, so that other additions to a view are kept.

create function register.offer_rank(p_status text) returns smallint
language sql immutable parallel safe as
$$ select coalesce(array_position(array['AVAILABLE', 'ON_OFFER', 'RESERVE', 'SUPPLIED', 'UNDER_CONSTRUCTION', 'RESTRICTED', 'IN_USE'],
                                  p_status), 9)::smallint $$;
comment on function register.offer_rank(text) is 'what an investor wants to see first: 1 = available, 2 = on offer, ...; 9 = unknown';
revoke all on function register.offer_rank(text) from public;
grant execute on function register.offer_rank(text) to yzt_reader, yzt_public, yzt_staff, yzt_admin, yzt_owner;

do $$
declare
    schema_name text;
    thing text;
    body text;
    more text;
    state text;
begin
    foreach schema_name in array array['open_data', 'staff_data'] loop
        foreach thing in array array['parcel', 'building'] loop
            body := rtrim(pg_get_viewdef(format('%I.%I', schema_name, thing || 's')::regclass, true), E'; \n');
            state := format('LEFT JOIN register.%1$s_state s ON s.%1$s_id = x.id', thing);
            more := format(E',\n near.ramp_m as nearest_ramp_m, near.station_m as nearest_station_m, near.port_m as nearest_port_m, '
                           'near.airport_m as nearest_airport_m, '
                           'array(select r.chain_code from register.%1$s_chain r where r.county_code = x.county_code '
                           'and r.%1$s_code = x.code order by r.chain_code) as chain_codes%2$s', thing,
                           case thing when 'parcel' then ', register.offer_rank(s.status) as offer_rank' else '' end);
            if position(state in body) = 0 then
                raise exception 'the view %.%s has another shape than expected', schema_name, thing;
            end if;
            body := replace(body, state, state || format(E'\n LEFT JOIN register.nearest_transport near ON near.subject_kind = %L '
                                                         'AND near.subject_id = x.id', thing));
            body := regexp_replace(body, E'\n\\s+FROM ', more || E'\n   FROM ');
            execute format('create or replace view %I.%I as %s', schema_name, thing || 's', body);
        end loop;
    end loop;
end $$;

grant usage, create on schema open_data, staff_data to yzt_reader;
call register.make_views_at();
revoke create on schema open_data, staff_data from yzt_reader;
