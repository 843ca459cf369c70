-- Who sees which picture. The thing it is of decides first, through that thing's own view; the public then sees what is for the
-- public and not withdrawn. Renditions carry no camera record; originals are for staff only.

do $$
declare
    s text;
    own text;
    more text;
    seen constant text := $seen$(
           x.subject_kind = 'parcel' and exists (select from %1$I.parcels t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'building' and exists (select from %1$I.buildings t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'project' and exists (select from %1$I.projects t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'enterprise' and exists (select from %1$I.enterprises t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'park' and exists (select from %1$I.parks t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'park' and exists (select from %1$I.featured_towns t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'policy_clause' and exists (select from %1$I.policies t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'transport_feature' and exists (select from %1$I.transport t where t.id = x.subject_id and t.county_code = x.county_code)
        or x.subject_kind = 'admin_area' and exists (select from %1$I.admin_areas t where t.id = x.subject_id and t.county_code = x.county_code)
    )$seen$;
begin
    foreach s in array array['open_data', 'staff_data'] loop
        own := case s when 'open_data' then '' else
            ', x.geom, x.audience, x.withdrawn_at, x.replaces_id, x.original_file_id, x.created_at, x.created_by, x.updated_by' end;
        more := case s when 'open_data' then 'x.audience = ''public'' and x.withdrawn_at is null and ' else '' end;
        execute format('create view %1$I.pictures as
            select x.id, x.county_code, x.code, x.subject_kind, x.subject_id, x.kind, x.width_px, x.height_px, x.caption,
                   x.caption_en, x.taken_on, x.author, x.place, x.licence, x.sort_no, x.is_drawn, x.is_sample, x.version,
                   x.updated_at' || own || ' from register.picture x where ' || more || seen, s);
        execute format('create view %1$I.picture_renditions as
            select r.picture_id, p.county_code, p.code, r.size, r.width_px, r.height_px, f.sha256, f.byte_size, r.stored_file_id
            from register.picture_rendition r
            join %1$I.pictures p on p.id = r.picture_id
            join register.stored_file f on f.id = r.stored_file_id', s);
        execute format('create view %1$I.picture_chunks as
            select r.county_code, r.code, r.size, c.chunk_no, c.content
            from %1$I.picture_renditions r
            join register.stored_file_chunk c on c.stored_file_id = r.stored_file_id', s);
    end loop;
end $$;

create view staff_data.picture_originals as
select p.county_code, p.code, f.file_name, f.media_type, f.byte_size, f.sha256, f.id as stored_file_id
from staff_data.pictures p
join register.stored_file f on f.id = p.original_file_id;

create view staff_data.picture_original_chunks as
select p.county_code, p.code, c.chunk_no, c.content
from staff_data.pictures p
join register.stored_file_chunk c on c.stored_file_id = p.original_file_id;
