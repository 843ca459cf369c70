-- What a catalogue says of one collection of a county: one row. Parameters: county (code), collection (id).
-- `open_data.collection` stands for its view. Reads every row once; relies on the unique key that begins with county_code.
with things as materialized (
    select
        unit_code,
        data_source_id,
        data_date,
        updated_at
    from open_data.collection
    where county_code = :county
),

owners as (
    select
        t.unit_code as code,
        u.name,
        u.name_en,
        count(*) as n
    from things as t
    inner join open_data.units as u on u.county_code = :county and u.code = t.unit_code
    group by t.unit_code, u.name, u.name_en
),

sources as (
    select
        d.code,
        d.name,
        d.name_en,
        d.publisher,
        d.licence,
        d.attribution,
        d.url,
        d.retrieved_on,
        d.data_date,
        d.known_faults,
        count(*) as n
    from things as t
    inner join open_data.data_sources as d on d.id = t.data_source_id
    group by d.id, d.code, d.name, d.name_en, d.publisher, d.licence, d.attribution, d.url, d.retrieved_on, d.data_date, d.known_faults
)

select
    (select count(*) from things) as row_count,
    (select max(updated_at) from things) as changed_at,
    (select min(data_date) from things) as data_date_from,
    (select max(data_date) from things) as data_date_to,
    (select coalesce(jsonb_agg(to_jsonb(o) order by o.n desc, o.code), '[]') from owners as o) as owners,
    (select coalesce(jsonb_agg(to_jsonb(s) order by s.n desc, s.code), '[]') from sources as s) as sources,
    (select i.finished_at from open_data.last_imports as i where i.county_code = :county and i.collection = :collection) as imported_at,
    (select i.batch_id from open_data.last_imports as i where i.county_code = :county and i.collection = :collection) as import_batch_id
