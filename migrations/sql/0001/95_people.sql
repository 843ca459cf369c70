-- The service's own login looks up who somebody is before it takes a role: narrow rights on the people tables, nothing else.
do $$
declare t text;
begin
    foreach t in array array['account', 'account_role', 'account_unit', 'account_session', 'api_token', 'login_attempt'] loop
        execute format('create policy service on register.%I to yzt_app using (true) with check (true)', t);
        execute format('grant select on register.%I to yzt_app', t);
    end loop;
end $$;
grant insert, update, delete on register.account_session, register.api_token, register.login_attempt to yzt_app;
grant update (password_hash, password_changed_at, lang) on register.account to yzt_app;
grant usage on sequence register.account_session_id_seq, register.api_token_id_seq, register.login_attempt_id_seq to yzt_app;
grant select on register.parameter to yzt_app;
grant execute on function register.parameter_value(text, text, date) to yzt_app;
