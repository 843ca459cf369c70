-- How far each plot and building lies from the nearest built and published ramp, station, port and airport, in a straight line, in
-- metres of the county's survey CRS, from its edge, to ten metres (no finer than the public shape). Stored, so that it can be asked for and sorted by. One function computes it;
-- triggers call it for the things that were written, and for all of a county when such a transport feature is written.

create table register.nearest_transport (
    subject_kind text not null,
    subject_id bigint not null,
    county_code text not null,
    ramp_m integer,
    station_m integer,
    port_m integer,
    airport_m integer,
    computed_at timestamptz default now() not null,
    constraint pk_nearest_transport primary key (subject_kind, subject_id),
    constraint ck_nearest_transport_subject_kind check (subject_kind in ('parcel', 'building')),
    constraint ck_nearest_transport_distances check (least(ramp_m, station_m, port_m, airport_m) >= 0),
    constraint fk_nearest_transport_county_code foreign key (county_code) references register.county (code)
);
create index ix_nearest_transport_ramp on register.nearest_transport (county_code, subject_kind, ramp_m);
create index ix_nearest_transport_station on register.nearest_transport (county_code, subject_kind, station_m);
create index ix_nearest_transport_port on register.nearest_transport (county_code, subject_kind, port_m);
create index ix_nearest_transport_airport on register.nearest_transport (county_code, subject_kind, airport_m);

-- Computes the distances of the subjects `p_ids` of a county, or of all of them when null; returns rows written.
-- A county has some dozens of ramps, stations, ports and airports: every one is looked at, so the answer is exact.
create function register.refresh_nearest_transport(p_county text, p_kind text, p_ids bigint[] default null) returns bigint
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    srid int;
    n bigint;
begin
    select survey_srid into srid from county where code = p_county;
    execute format($q$
        with places as materialized (
            select t.kind, st_transform(t.geom, $3) as geom
            from transport_feature t
            where t.county_code = $1 and t.kind in ('ramp', 'station', 'port', 'airport') and t.status = 'built'
              and t.publication_state = 'published' and t.geom is not null
        ),
        things as materialized (
            select x.id, st_transform(x.geom, $3) as geom from %I x
            where x.county_code = $1 and x.geom is not null and ($2 is null or x.id = any($2))
        )
        insert into nearest_transport as n (subject_kind, subject_id, county_code, ramp_m, station_m, port_m, airport_m)
        select %L, x.id, $1, p.ramp_m, p.station_m, p.port_m, p.airport_m
        from things x
        cross join lateral (
            select (round(min(d) filter (where kind = 'ramp') / 10) * 10)::int as ramp_m,
                   (round(min(d) filter (where kind = 'station') / 10) * 10)::int as station_m,
                   (round(min(d) filter (where kind = 'port') / 10) * 10)::int as port_m,
                   (round(min(d) filter (where kind = 'airport') / 10) * 10)::int as airport_m
            from (select kind, st_distance(x.geom, places.geom) as d from places) each_place
        ) p
        on conflict (subject_kind, subject_id) do update
        set county_code = excluded.county_code, ramp_m = excluded.ramp_m, station_m = excluded.station_m, port_m = excluded.port_m,
            airport_m = excluded.airport_m, computed_at = now()
        where (n.ramp_m, n.station_m, n.port_m, n.airport_m, n.county_code)
              is distinct from (excluded.ramp_m, excluded.station_m, excluded.port_m, excluded.airport_m, excluded.county_code)
    $q$, p_kind, p_kind) using p_county, p_ids, srid;
    get diagnostics n = row_count;
    return n;
end $$;

-- After a statement that wrote plots or buildings: those whose shape is new.
create function register.follow_nearest_transport() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    c record;
begin
    if tg_op = 'DELETE' then
        delete from nearest_transport n using gone g where n.subject_kind = tg_table_name and n.subject_id = g.id;
    elsif tg_op = 'INSERT' then
        for c in select county_code, array_agg(id) as ids from fresh where geom is not null group by county_code loop
            perform refresh_nearest_transport(c.county_code, tg_table_name, c.ids);
        end loop;
    else
        for c in select f.county_code, array_agg(f.id) as ids from fresh f join gone g using (id)
                 where f.geom is distinct from g.geom or f.county_code <> g.county_code group by f.county_code loop
            delete from nearest_transport n using fresh f where n.subject_kind = tg_table_name and n.subject_id = f.id and f.geom is null;
            perform refresh_nearest_transport(c.county_code, tg_table_name, c.ids);
        end loop;
    end if;
    return null;
end $$;

-- After a statement that wrote transport: every plot and building of the counties it concerns.
create function register.spread_nearest_transport() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    c text;
    counties text[];
    counted constant text[] := array['ramp', 'station', 'port', 'airport'];
begin
    if tg_op = 'INSERT' then
        select array_agg(distinct county_code) into counties from fresh where kind = any(counted);
    elsif tg_op = 'DELETE' then
        select array_agg(distinct county_code) into counties from gone where kind = any(counted);
    else
        select array_agg(distinct county_code) into counties from (
            (select county_code, kind, status, publication_state, st_asbinary(geom) from fresh where kind = any(counted)
             except select county_code, kind, status, publication_state, st_asbinary(geom) from gone)
            union all
            (select county_code, kind, status, publication_state, st_asbinary(geom) from gone where kind = any(counted)
             except select county_code, kind, status, publication_state, st_asbinary(geom) from fresh)) changed;
    end if;
    foreach c in array coalesce(counties, '{}') loop
        perform refresh_nearest_transport(c, 'parcel'), refresh_nearest_transport(c, 'building');
    end loop;
    return null;
end $$;

do $$
declare
    t text;
    f text;
begin
    foreach t in array array['parcel', 'building', 'transport_feature'] loop
        f := case t when 'transport_feature' then 'spread' else 'follow' end || '_nearest_transport';
        execute format('create trigger z_nearest_insert after insert on register.%I referencing new table as fresh
                        for each statement execute function register.%I()', t, f);
        execute format('create trigger z_nearest_update after update on register.%I referencing old table as gone new table as fresh
                        for each statement execute function register.%I()', t, f);
        execute format('create trigger z_nearest_delete after delete on register.%I referencing old table as gone
                        for each statement execute function register.%I()', t, f);
    end loop;
end $$;

alter table register.nearest_transport owner to yzt_owner;
alter table register.nearest_transport enable row level security;
alter table register.nearest_transport force row level security;
create policy owner_all on register.nearest_transport to yzt_owner using (true) with check (true);
create policy admin_all on register.nearest_transport to yzt_admin using (true) with check (true);
create policy reader on register.nearest_transport for select to yzt_reader using (true);
grant select on register.nearest_transport to yzt_reader;
do $$
declare f text;
begin
    foreach f in array array['refresh_nearest_transport(text, text, bigint[])', 'follow_nearest_transport()', 'spread_nearest_transport()'] loop
        execute format('revoke all on function register.%s from public', f);
    end loop;
end $$;
grant execute on function register.refresh_nearest_transport(text, text, bigint[]) to yzt_staff, yzt_admin;

select register.refresh_nearest_transport(c.code, k.kind) from register.county c cross join (values ('parcel'), ('building')) k (kind);
