-- What the first screen of a large county asks of all its parcels: the first rows of the list, totals of towns, the land uses there are,
-- how fresh the data is. A brief line per parcel stands in the order of the list, and numbers by facet beside it, both as an audience
-- sees them and kept true by what changes, as cells are (0010): a change leaves differences, a reader adds up, writers never wait for
-- one another. There are none where a collection is small enough to be asked itself (`tile_detail.shapes_from_zoom` = 0).

create table register.parcel_brief (
    county_code text not null,
    audience text not null,
    subject_id bigint not null,
    code text not null,
    town_code text,
    status text,
    offer_rank smallint,
    realm text,
    area_m2 numeric(16, 2),
    land_use_code text,
    data_date date,
    constraint pk_parcel_brief primary key (county_code, audience, subject_id),
    constraint ck_parcel_brief_audience check (audience in ('public', 'staff'))
);
create index ix_parcel_brief_offer on register.parcel_brief (county_code, audience, offer_rank, realm, area_m2 desc nulls last, code)
include (subject_id);
comment on column register.parcel_brief.area_m2 is 'measured in the county''s survey CRS, m2';

create table register.parcel_facet (
    county_code text not null,
    audience text not null,
    facet text not null,
    value text not null,
    status text not null,
    n bigint not null,
    constraint ck_parcel_facet_audience check (audience in ('public', 'staff')),
    constraint ck_parcel_facet_facet check (facet in ('town', 'land_use', 'data_date'))
);
create index ix_parcel_facet_key on register.parcel_facet (county_code, audience, facet);
comment on table register.parcel_facet is 'as many rows of a value as there were changes: a reader adds up n; ''town'' is told by status, '''' = none';

do $$
declare t text;
begin
    foreach t in array array['parcel_brief', 'parcel_facet'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('grant select on register.%I to yzt_reader, yzt_admin', t);
    end loop;
end $$;

-- The brief lines of parcels as an audience sees them now; `p_ids` null = all of the county.
create function register.parcel_briefs(p_county text, p_audience text, p_ids bigint[]) returns setof register.parcel_brief
language plpgsql stable security definer set search_path = public, pg_catalog, pg_temp as $$
begin
    return query execute format(
        'select x.county_code, $2, x.id, x.code, x.town_code, x.status, x.offer_rank, x.realm, x.area_m2, x.land_use_code, x.data_date
         from %I.parcels x where x.county_code = $1 %s',
        case p_audience when 'public' then 'open_data' else 'staff_data' end,
        case when p_ids is null then '' else 'and x.id = any ($3)' end)
    using p_county, p_audience, p_ids;
end $$;

-- What a parcel counts under, from its brief line.
create function register.facets_of(p_brief register.parcel_brief) returns table (facet text, value text, status text)
language sql stable as $$
    select f.facet, f.value, f.status
    from (values ('town', coalesce(p_brief.town_code, ''), coalesce(p_brief.status, '')),
                 ('land_use', p_brief.land_use_code, ''),
                 ('data_date', to_char(p_brief.data_date, 'YYYY-MM-DD'), '')) as f (facet, value, status)
    where f.value is not null
$$;

-- Brings the brief lines and the numbers up to what is true of these parcels now. Costs one look at a key where a county has none.
create function register.follow_briefs(p_county text, p_ids bigint[]) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare d tile_detail;
begin
    for d in select * from tile_detail where county_code = p_county and collection = 'parcels' and shapes_from_zoom > 0 loop
        with was as materialized (
            select b from parcel_brief b
            where b.county_code = p_county and b.audience = d.audience and b.subject_id = any (p_ids)
        ), is_now as materialized (
            select n from parcel_briefs(p_county, d.audience, p_ids) n
        ), diff as materialized (
            select was.b, is_now.n from was full join is_now on (is_now.n).subject_id = (was.b).subject_id
            where was.b is distinct from is_now.n
        ), gone as (
            delete from parcel_brief b using diff
            where b.county_code = p_county and b.audience = d.audience and b.subject_id = (diff.b).subject_id and (diff.n).subject_id is null
        ), kept as (
            insert into parcel_brief select (n).* from diff where (n).subject_id is not null
            on conflict on constraint pk_parcel_brief do update
            set code = excluded.code, town_code = excluded.town_code, status = excluded.status, offer_rank = excluded.offer_rank,
                realm = excluded.realm, area_m2 = excluded.area_m2, land_use_code = excluded.land_use_code, data_date = excluded.data_date
        ), change as (
            select f.*, -1 as n from diff, facets_of(diff.b) f where (diff.b).subject_id is not null
            union all
            select f.*, 1 from diff, facets_of(diff.n) f where (diff.n).subject_id is not null
        )
        insert into parcel_facet (county_code, audience, facet, value, status, n)
        select p_county, d.audience, facet, value, status, sum(n) from change group by facet, value, status having sum(n) <> 0;
    end loop;
end $$;

-- Makes brief lines and numbers anew, or takes them away. Only what differs is written, so that a night's look at everything leaves
-- a large table as it is. Whoever calls it keeps writers away.
create function register.set_briefs(p_county text, p_audience text, p_has_any boolean) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    delete from parcel_facet where county_code = p_county and audience = p_audience;
    if not p_has_any then
        delete from parcel_brief where county_code = p_county and audience = p_audience;
        return;
    end if;
    with is_now as materialized (
        select n from parcel_briefs(p_county, p_audience, null) n
    ), gone as (
        delete from parcel_brief b
        where b.county_code = p_county and b.audience = p_audience
          and not exists (select from is_now where (is_now.n).subject_id = b.subject_id)
    )
    insert into parcel_brief
    select (is_now.n).*
    from is_now
    left join parcel_brief b on b.county_code = p_county and b.audience = p_audience and b.subject_id = (is_now.n).subject_id
    where b is distinct from is_now.n
    on conflict on constraint pk_parcel_brief do update
    set code = excluded.code, town_code = excluded.town_code, status = excluded.status, offer_rank = excluded.offer_rank,
        realm = excluded.realm, area_m2 = excluded.area_m2, land_use_code = excluded.land_use_code, data_date = excluded.data_date;
    insert into parcel_facet (county_code, audience, facet, value, status, n)
    select p_county, p_audience, f.facet, f.value, f.status, count(*)
    from parcel_brief b, facets_of(b) f
    where b.county_code = p_county and b.audience = p_audience
    group by f.facet, f.value, f.status;
end $$;

alter function register.follow_cells(text, text, bigint[]) rename to follow_cells_and_extent;
alter function register.set_tile_detail(text, text, text, int, bigint, int) rename to set_cells_and_extent;
alter function register.fold_cells() rename to fold_tile_cells;
revoke all on function register.set_cells_and_extent(text, text, text, int, bigint, int), register.fold_tile_cells() from yzt_admin;

-- Brings up to what is true of these things now whatever is kept of their collection.
create function register.follow_cells(p_county text, p_collection text, p_ids bigint[]) returns void
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    perform follow_cells_and_extent(p_county, p_collection, p_ids);
    if p_collection = 'parcels' then
        perform follow_briefs(p_county, p_ids);
    end if;
end $$;

-- Says from which zoom shapes show, makes anew whatever is kept of the collection. Its writers wait meanwhile.
create function register.set_tile_detail(p_county text, p_collection text, p_audience text, p_zoom int, p_count bigint,
                                         p_names_zoom int default 0) returns void
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    perform set_cells_and_extent(p_county, p_collection, p_audience, p_zoom, p_count, p_names_zoom);
    if p_collection = 'parcels' then
        perform set_briefs(p_county, p_audience, p_zoom > 0);
    end if;
end $$;

-- Adds together what changes left as further rows of one cell or one number; returns how many rows went. One at a time.
create function register.fold_cells() returns bigint
language plpgsql volatile security definer set search_path = register, pg_catalog, pg_temp as $$
declare removed bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('yizhangtu.fold_cells', 0)) then
        return 0;
    end if;
    with many as (
        select county_code, audience, facet, value, status
        from parcel_facet group by 1, 2, 3, 4, 5 having count(*) > 1 or sum(n) = 0
    ), gone as (
        delete from parcel_facet f using many m
        where (f.county_code, f.audience, f.facet, f.value, f.status) = (m.county_code, m.audience, m.facet, m.value, m.status)
        returning f.*
    ), added as (
        insert into parcel_facet
        select county_code, audience, facet, value, status, sum(n) from gone group by 1, 2, 3, 4, 5 having sum(n) <> 0
        returning 1
    )
    select (select count(*) from gone) - (select count(*) from added) into removed;
    return removed + fold_tile_cells();
end $$;

do $$
declare f text;
begin
    foreach f in array array['parcel_briefs(text, text, bigint[])', 'facets_of(register.parcel_brief)', 'follow_briefs(text, bigint[])',
                             'set_briefs(text, text, boolean)', 'follow_cells(text, text, bigint[])',
                             'set_tile_detail(text, text, text, int, bigint, int)', 'fold_cells()'] loop
        execute format('revoke all on function register.%s from public', f);
    end loop;
end $$;
grant execute on function register.set_tile_detail(text, text, text, int, bigint, int), register.fold_cells() to yzt_admin;

do $$
declare d register.tile_detail;
begin
    for d in select * from register.tile_detail where collection = 'parcels' and shapes_from_zoom > 0 loop
        perform register.set_briefs(d.county_code, d.audience, true);
    end loop;
end $$;

create view open_data.parcel_briefs as
select subject_id as id, county_code, code, town_code, status, offer_rank, realm, area_m2, land_use_code, data_date
from register.parcel_brief where audience = 'public';
create view staff_data.parcel_briefs as
select subject_id as id, county_code, code, town_code, status, offer_rank, realm, area_m2, land_use_code, data_date
from register.parcel_brief where audience = 'staff';
create view open_data.parcel_facets as
select county_code, facet, value, status, n from register.parcel_facet where audience = 'public';
create view staff_data.parcel_facets as
select county_code, facet, value, status, n from register.parcel_facet where audience = 'staff';

do $$
declare v text;
begin
    grant usage, create on schema open_data, staff_data to yzt_reader;
    foreach v in array array['open_data.parcel_briefs', 'open_data.parcel_facets', 'staff_data.parcel_briefs', 'staff_data.parcel_facets'] loop
        execute format('grant select on %s to yzt_staff, yzt_admin', v);
        if v like 'open_data.%' then
            execute format('grant select on %s to yzt_public, yzt_app', v);
        end if;
        execute format('alter view %s owner to yzt_reader', v);
    end loop;
    revoke create on schema open_data, staff_data from yzt_reader;
end $$;
