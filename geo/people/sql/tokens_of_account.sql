-- Personal tokens of account :account, newest first; never anything of their secret.
select id, label, created_at, expires_at, revoked_at, last_used_at,
       revoked_at is null and (expires_at is null or expires_at > clock_timestamp()) as is_valid
from register.api_token
where account_id = :account
order by id desc
