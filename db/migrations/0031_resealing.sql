-- A private half stays as it is when the key changes that seals it; nothing else of a key that signs ever changes.
grant update (seed_sealed) on auth.signing_keys to mobilytics_app;
