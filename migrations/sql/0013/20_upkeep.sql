-- A change of a plot, of what stands on it or of when it was surveyed notes the plot as due; the worker measures it. Only plots
-- that were surveyed at some time are noted, so that loading a county nobody surveyed costs one look.

create function register.derive_ground_use() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    new.tile_geom := tile_shape(new.geom);
    select round(st_area(st_transform(new.geom, c.survey_srid))::numeric, 2) into new.area_m2
    from county c where c.code = new.county_code;
    return new;
end $$;
create trigger a_derive_geometry before insert or update on register.ground_use
for each row execute function register.derive_ground_use();

create function register.evidence_due_at(p_county text, shapes geometry[]) returns void
language sql volatile security definer set search_path = register, public, pg_catalog, pg_temp as $$
    insert into evidence_due (county_code, parcel_id)
    select distinct p.county_code, p.id
    from unnest(shapes) s(geom)
    join parcel p on p.county_code = p_county and p.geom && s.geom and st_intersects(p.geom, s.geom)
    where exists (select from fact f where f.county_code = p_county and f.subject_id = p.id and f.kind = 'ground_surveyed_on'
                  and f.subject_kind = 'parcel')
$$;

create function register.note_evidence() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    source text := case tg_op when 'INSERT' then 'select n.* from new_rows n' when 'DELETE' then 'select o.* from old_rows o'
        else 'select n.* from new_rows n join old_rows o using (id) where n.version is distinct from o.version
              union all select o.* from new_rows n join old_rows o using (id) where n.version is distinct from o.version' end;
    c record;
begin
    if not exists (select from fact where kind = 'ground_surveyed_on') then
        return null;
    end if;
    if tg_table_name = 'parcel' then
        insert into evidence_due (county_code, parcel_id)
        select n.county_code, n.id from new_rows n join old_rows o using (id)
        where (n.geom, n.registered_area_m2, n.county_code) is distinct from (o.geom, o.registered_area_m2, o.county_code)
          and exists (select from fact f where f.county_code = n.county_code and f.subject_id = n.id and f.kind = 'ground_surveyed_on'
                      and f.subject_kind = 'parcel');
    elsif tg_table_name = 'building_space' then
        for c in execute format('select b.county_code, array_agg(distinct b.geom) as shapes
                                 from (%s) s join register.building b on b.county_code = s.county_code and b.code = s.building_code
                                 where b.geom is not null group by 1', source) loop
            perform evidence_due_at(c.county_code, c.shapes);
        end loop;
    else
        for c in execute format('select county_code, array_agg(geom) as shapes from (%s) s where geom is not null group by 1', source) loop
            perform evidence_due_at(c.county_code, c.shapes);
        end loop;
        if tg_table_name = 'building' then  -- without a shape it is known by the plot it names
            execute format('insert into register.evidence_due (county_code, parcel_id)
                select distinct p.county_code, p.id from (%s) s
                join register.parcel p on p.county_code = s.county_code and p.code = s.parcel_code
                where exists (select from register.fact f where f.county_code = p.county_code and f.subject_id = p.id
                              and f.kind = ''ground_surveyed_on'' and f.subject_kind = ''parcel'')', source);
        end if;
    end if;
    return null;
end $$;

-- A survey is told or taken back. (Facts of a building touch the building, which is noted as any change of it.)
create function register.note_evidence_of_facts() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    insert into evidence_due (county_code, parcel_id)
    select distinct county_code, subject_id from new_rows where kind = 'ground_surveyed_on' and subject_kind = 'parcel';
    return null;
end $$;
create trigger z_note_evidence after insert on register.fact referencing new table as new_rows
for each statement execute function register.note_evidence_of_facts();

do $$
declare
    t text;
    op text;
    tables text;
begin
    foreach t in array array['parcel', 'building', 'building_space', 'ground_use'] loop
        for op, tables in
            select * from (values ('insert', 'new table as new_rows'), ('update', 'old table as old_rows new table as new_rows'),
                                  ('delete', 'old table as old_rows')) as v (op, tables)
        loop
            if t <> 'parcel' or op = 'update' then  -- a new plot has no facts yet; with a plot its evidence goes
                execute format('create trigger z_note_evidence_%1$s after %1$s on register.%2$I referencing %3$s
                                for each statement execute function register.note_evidence()', op, t, tables);
            end if;
        end loop;
    end loop;
    foreach t in array array['ground_use', 'land_evidence'] loop
        execute format('create trigger b_first_version before insert on register.%I
                        for each row execute function register.first_version()', t);
        execute format('create trigger b_bump_version before update on register.%I
                        for each row execute function register.bump_version()', t);
        execute format('create trigger y_version_insert after insert on register.%I referencing new table as new_rows
                        for each statement execute function register.record_version()', t);
        execute format('create trigger y_version_update after update on register.%I referencing old table as old_rows new table as new_rows
                        for each statement execute function register.record_version()', t);
        execute format('create trigger y_version_delete after delete on register.%I referencing old table as old_rows
                        for each statement execute function register.record_version()', t);
    end loop;
    for op, tables in
        select * from (values ('insert', 'new table as new_rows'), ('update', 'old table as old_rows new table as new_rows'),
                              ('delete', 'old table as old_rows')) as v (op, tables)
    loop
        execute format('create trigger z_announce_%1$s after %1$s on register.ground_use referencing %2$s
                        for each statement execute function register.announce()', op, tables);
    end loop;
end $$;

-- AFTER STATEMENT: whoever keeps tiles of spare land or of ground in use in memory looks again.
create function register.evidence_changed() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    county text;
begin
    for county in execute case tg_op when 'DELETE' then 'select distinct county_code from old_rows'
                                     else 'select distinct county_code from new_rows' end loop
        perform tell_changes(county, array[tg_argv[0]], null);
    end loop;
    return null;
end $$;
do $$
declare
    t text;
    layer text;
    op text;
    tables text;
begin
    for t, layer in select * from (values ('ground_use', 'ground_uses'), ('land_evidence', 'spare_land')) as v (t, layer) loop
        for op, tables in
            select * from (values ('insert', 'new table as new_rows'), ('update', 'new table as new_rows'),
                                  ('delete', 'old table as old_rows')) as v (op, tables)
        loop
            execute format('create trigger zz_tiles_%1$s after %1$s on register.%2$I referencing %3$s
                            for each statement execute function register.evidence_changed(%4$L)', op, t, tables, layer);
        end loop;
    end loop;
end $$;
