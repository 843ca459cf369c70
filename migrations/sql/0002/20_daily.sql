-- Work that is done once per civil date of a county, whichever worker comes first.
create table register.daily_run (
    county_code text not null references register.county (code),
    task text not null,
    run_on date not null,
    finished_at timestamptz not null default clock_timestamp(),
    constraint pk_daily_run primary key (county_code, task)
);
alter table register.daily_run enable row level security;
alter table register.daily_run force row level security;
create policy owner_all on register.daily_run to yzt_owner using (true) with check (true);
create policy admin_all on register.daily_run to yzt_admin using (true) with check (true);
create policy reader on register.daily_run for select to yzt_reader using (true);
grant select on register.daily_run to yzt_reader;
grant select, insert, update on register.daily_run to yzt_admin;

-- What rules said of a parcel goes with it.
create function register.remove_findings() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    delete from finding f using old_rows o
    where f.county_code = o.county_code and f.subject_kind = tg_table_name and f.subject_id = o.id;
    return null;
end $$;
revoke all on function register.remove_findings() from public;
create trigger z_remove_findings after delete on register.parcel
    referencing old table as old_rows for each statement execute function register.remove_findings();

insert into register.parameter (key, effective_on, value_num, value_den, unit, citation, confidence, reviewed_on)
values ('pub.coord_decimals', '2023-01-01', 4, 1, 'decimal', 'PUB-08', 'default', '2026-11-23');
