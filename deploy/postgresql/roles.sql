-- Two roles: harbour_owner has the tables and migrates; harbour serves people and owns nothing. Once, as PostgreSQL's superuser, in
-- the database of Harbour:
--   sudo -u postgres psql --dbname harbour --file deploy/postgresql/roles.sql
-- and then a password for the owner, whom no process that serves people may become:  \password harbour_owner
-- Then, as the owner, after each migrate:  manage.py grant_rights
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'harbour_owner') THEN
        CREATE ROLE harbour_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'harbour') THEN
        CREATE ROLE harbour LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
    -- A site that had one role so far: what it made is the owner's from now on.
    EXECUTE format('ALTER DATABASE %I OWNER TO harbour_owner', current_database());
    REASSIGN OWNED BY harbour TO harbour_owner;
    ALTER ROLE harbour NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO harbour, harbour_owner', current_database());
END
$$;
ALTER SCHEMA public OWNER TO harbour_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO harbour;
