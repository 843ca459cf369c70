-- What the triggers leave of the parcels in `made` besides them: names that are due, two lines of the feed for those that were
-- touched, and two of the trail. Parameters: county, account.
with due as (
    insert into register.name_due (county_code, subject_kind, subject_id) select county_code, 'parcel', id from made
), first_lines as (
    insert into register.event_outbox (county_code, collection, code, subject_version, is_public, was_public)
    select county_code, 'parcels', code, 1, publication_state = 'published', false from made
), second_lines as (
    insert into register.event_outbox (county_code, collection, code, subject_version, is_public, was_public)
    select county_code, 'parcels', code, 2, publication_state = 'published', publication_state = 'published'
    from made where version = 2
)
insert into register.audit_entry (county_code, account, action, object_kind, detail)
select :county, :account, v.action, 'parcel', jsonb_build_object('rows', v.n)
from (
    select 'insert' as action, count(*) as n from made
    union all
    select 'update', count(*) from made where version = 2
) as v
where v.n > 0
