#!/bin/bash
# Run once by PostgreSQL's image, when it makes its data folder: the lab's role owns its database and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /secrets/database-password)" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE faultline LOGIN PASSWORD :'password';
CREATE DATABASE faultline OWNER faultline;
REVOKE ALL ON DATABASE faultline, postgres, template1 FROM PUBLIC;
SQL
