-- names_of_<collection>: the names of exactly the things its view shows, with what a line of results says of the thing. Plain
-- views over plain views: no name is found whose thing is not.
do $$
declare
    v record;
begin
    for v in
        select s.name as schema, c.id as collection, c.kind, c.state
        from (values ('open_data'), ('staff_data')) as s (name)
        cross join (values
            ('admin_areas', 'admin_area', 'x.kind'), ('parks', 'park', 'x.kind'), ('featured_towns', 'park', 'x.level'),
            ('parcels', 'parcel', 'x.status'), ('buildings', 'building', 'x.status'), ('projects', 'project', 'x.stage'),
            ('enterprises', 'enterprise', 'null::text'), ('policies', 'policy_clause', 'x.kind'),
            ('transport', 'transport_feature', 'x.kind'), ('controls', 'planning_control', 'x.kind')) as c (id, kind, state)
        where c.id <> 'controls' or s.name = 'staff_data'
    loop
        execute format(
            'create view %1$I.names_of_%2$s as
             select n.county_code, n.is_published, n.alias, n.kind, n.folded, n.latin, n.pinyin, n.initials, n.subject_id as id,
                    x.code, x.name, x.name_en, x.town_code, x.is_sample, %4$s as state
             from register.name_alias n
             join %1$I.%2$s x on x.id = n.subject_id and x.county_code = n.county_code
             where n.subject_kind = %3$L', v.schema, v.collection, v.kind, v.state);
    end loop;
end $$;

grant usage, create on schema open_data, staff_data to yzt_reader;
do $$
declare
    v text;
begin
    for v in select schemaname || '.' || quote_ident(viewname) from pg_views
             where schemaname in ('open_data', 'staff_data') and viewname like 'names\_of\_%' loop
        execute 'alter view ' || v || ' owner to yzt_reader';
        execute 'grant select on ' || v || ' to yzt_staff, yzt_admin'
                || case when v like 'open_data.%' then ', yzt_public, yzt_app' else '' end;
    end loop;
end $$;
revoke create on schema open_data, staff_data from yzt_reader;
