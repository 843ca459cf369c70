-- What IDLE-01, UNDER-01, UNDER-02 and UNDER-04 say of the parcels of a county on a day: one row per parcel and rule.
-- Parameters: county, as_of (civil date), ids (bigint[] of parcels, or null for all).
-- Relies on: ix_fact_subject, pk_parcel_state; thresholds from register.parameter; periods by GEN-02.
with p as (
    select register.parameter_value('idle.years_fee', :county, :as_of)::int as idle_years,
           register.parameter_value('idle.default_start_after_delivery_years', :county, :as_of)::int as default_start_years,
           register.parameter_value('under.approved_yellow_years', :county, :as_of)::int as approved_yellow_years,
           register.parameter_value('under.approved_red_years', :county, :as_of)::int as approved_red_years,
           register.parameter_value('under.production_grace_months', :county, :as_of)::int as production_grace_months,
           register.parameter_value('under.production_red_months', :county, :as_of)::int as production_red_months
), s as (
    select x.id, x.code, t.*,
           coalesce(t.agreed_start_on, register.add_years(t.delivered_on, p.default_start_years)) as start_due_on, -- IDLE-00
           coalesce(t.agreed_production_on, register.add_months(t.completed_on, p.production_grace_months)) as production_due_on
    from register.parcel x
    cross join p
    join register.county c on c.code = x.county_code and c.rule_set is not null
    left join register.parcel_state_at(:county, cast(:ids as bigint[]), :as_of, 'infinity') t on t.parcel_id = x.id
    where x.county_code = :county and (cast(:ids as bigint[]) is null or x.id = any(cast(:ids as bigint[])))
), rules as (
    -- IDLE-01: no start, and more than a year past the day it was due
    select s.id, s.code, 'IDLE-01' as rule_id,
           case when s.contract_on is null or s.contract_on > :as_of or s.started_on <= :as_of then 'not_applicable'
                when s.start_due_on is null then 'unknown'
                when :as_of > register.add_years(s.start_due_on, p.idle_years) then 'yes' else 'no' end as holds,
           'SUSPECTED_IDLE' as result, 'RED' as level, s.start_due_on as since_on,
           register.add_years(s.start_due_on, p.idle_years) + 1 as next_on,
           array['agreed_start_on', 'delivered_on'] as could_miss,
           jsonb_build_object('contract_on', s.contract_on, 'agreed_start_on', s.agreed_start_on, 'delivered_on', s.delivered_on,
                              'started_on', s.started_on, 'delay_cause', s.delay_cause,
                              'idle_years', register.full_years(s.start_due_on, :as_of)) as inputs,
           jsonb_build_object('idle.years_fee', p.idle_years,
                              'idle.default_start_after_delivery_years', p.default_start_years) as parameters,
           array['O53 Art. 2(1)', 'O53 Art. 22', 'UREL 26'] as basis
    from s cross join p
    union all
    -- UNDER-01: approved and not supplied
    select s.id, s.code, 'UNDER-01',
           case when s.approved_on is null and s.contract_on is null then 'not_applicable'
                when s.contract_on <= :as_of then 'not_applicable'
                when :as_of > s.approved_on then 'yes' else 'no' end,
           'APPROVED_NOT_SUPPLIED',
           case when :as_of > register.add_years(s.approved_on, p.approved_red_years) then 'RED'
                when :as_of > register.add_years(s.approved_on, p.approved_yellow_years) then 'YELLOW' else 'INFO' end,
           s.approved_on,
           case when :as_of <= register.add_years(s.approved_on, p.approved_yellow_years)
                then register.add_years(s.approved_on, p.approved_yellow_years) + 1
                when :as_of <= register.add_years(s.approved_on, p.approved_red_years)
                then register.add_years(s.approved_on, p.approved_red_years) + 1 end,
           array['approved_on'],
           jsonb_build_object('approved_on', s.approved_on, 'contract_on', s.contract_on),
           jsonb_build_object('under.approved_yellow_years', p.approved_yellow_years, 'under.approved_red_years', p.approved_red_years),
           array['UNDER-01', '国发〔2004〕28号 [verify]']
    from s cross join p
    union all
    -- UNDER-02: supplied and not started; RED when IDLE-01 holds as well
    select s.id, s.code, 'UNDER-02',
           case when s.contract_on is null or s.contract_on > :as_of or s.started_on <= :as_of then 'not_applicable'
                when s.start_due_on is null then 'unknown'
                when :as_of > s.start_due_on then 'yes' else 'no' end,
           'SUPPLIED_NOT_STARTED',
           case when :as_of > register.add_years(s.start_due_on, p.idle_years) then 'RED' else 'YELLOW' end,
           s.start_due_on,
           case when :as_of <= s.start_due_on then s.start_due_on + 1
                when :as_of <= register.add_years(s.start_due_on, p.idle_years) then register.add_years(s.start_due_on, p.idle_years) + 1 end,
           array['agreed_start_on', 'delivered_on'],
           jsonb_build_object('contract_on', s.contract_on, 'agreed_start_on', s.agreed_start_on, 'delivered_on', s.delivered_on,
                              'started_on', s.started_on),
           jsonb_build_object('idle.years_fee', p.idle_years,
                              'idle.default_start_after_delivery_years', p.default_start_years),
           array['UNDER-02', 'O53 Art. 22']
    from s cross join p
    union all
    -- UNDER-04: built and not producing
    select s.id, s.code, 'UNDER-04',
           case when s.completed_on is null or s.completed_on > :as_of or s.produced_on <= :as_of then 'not_applicable'
                when :as_of > s.production_due_on then 'yes' else 'no' end,
           'BUILT_NOT_PRODUCING',
           case when :as_of > register.add_months(s.production_due_on, p.production_red_months) then 'RED' else 'YELLOW' end,
           s.production_due_on,
           case when :as_of <= s.production_due_on then s.production_due_on + 1
                when :as_of <= register.add_months(s.production_due_on, p.production_red_months)
                then register.add_months(s.production_due_on, p.production_red_months) + 1 end,
           array[]::text[],
           jsonb_build_object('completed_on', s.completed_on, 'agreed_production_on', s.agreed_production_on, 'produced_on', s.produced_on),
           jsonb_build_object('under.production_grace_months', p.production_grace_months,
                              'under.production_red_months', p.production_red_months),
           array['UNDER-04']
    from s cross join p
), kept as (
    insert into register.finding (county_code, code, subject_kind, subject_id, rule_id, rule_version, as_of, holds, result, level,
                                  since_on, next_on, inputs, parameters, missing, basis)
    select :county, r.code || '.' || r.rule_id, 'parcel', r.id, r.rule_id, 1, :as_of, r.holds,
           case when r.holds = 'yes' then r.result end, case when r.holds = 'yes' then r.level end,
           r.since_on, case when r.holds in ('yes', 'no') and r.next_on > :as_of then r.next_on end,
           jsonb_strip_nulls(r.inputs), r.parameters, case when r.holds = 'unknown' then r.could_miss else '{}' end, r.basis
    from rules r
    where r.holds <> 'not_applicable'
    on conflict (county_code, subject_kind, subject_id, rule_id) do update
        set (code, rule_version, as_of, holds, result, level, since_on, next_on, inputs, parameters, missing, basis, computed_at) =
            (excluded.code, excluded.rule_version, excluded.as_of, excluded.holds, excluded.result, excluded.level, excluded.since_on,
             excluded.next_on, excluded.inputs, excluded.parameters, excluded.missing, excluded.basis, clock_timestamp())
    returning subject_id, rule_id
), gone as (
    delete from register.finding f
    using rules r
    where f.county_code = :county and f.subject_kind = 'parcel' and f.subject_id = r.id and f.rule_id = r.rule_id
      and r.holds = 'not_applicable'
    returning 1
)
select (select count(*) from kept) as kept, (select count(*) from gone) as gone
