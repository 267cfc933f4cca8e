-- name: note_signing :exec
insert into audit.signings (signed_at, broken) values ($1, $2)
on conflict (one) do update set signed_at = excluded.signed_at, broken = excluded.broken

-- name: last_signing :optional
select signed_at, broken from audit.signings
