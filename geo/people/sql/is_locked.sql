-- Whether a name or an address (:keys, SHA-256) is locked (SEC-02): its last `sec.failures` failed logins lie within
-- `sec.failure_window_minutes` of each other, and the last of them no longer ago than that. Index: ix_login_attempt_key.
with rule as (
    select register.parameter_value('sec.failures', null, current_date)::int as failures,
           make_interval(mins => register.parameter_value('sec.failure_window_minutes', null, current_date)::int) as span
)
select coalesce(bool_or(counted.n >= rule.failures and counted.newest - counted.oldest <= rule.span
                        and counted.newest > clock_timestamp() - rule.span), false) as is_locked
from rule
cross join unnest(cast(:keys as bytea[])) as asked (key)
cross join lateral (
    select count(*) as n, max(latest.at) as newest, min(latest.at) as oldest
    from (select a.at from register.login_attempt a where a.key_sha256 = asked.key order by a.at desc limit rule.failures) as latest
) as counted
