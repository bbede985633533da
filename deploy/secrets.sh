#!/bin/sh
# Make the secrets docker-compose.yml reads, once, in ./secrets (or the folder given). What is there is never written over.
set -eu
folder="${1:-secrets}"
mkdir -p "$folder"
chmod 700 "$folder"

fresh() { head -c 48 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

# keep NAME VALUE: containers read the files as accounts of their own, hence 444; the folder keeps everybody else out.
keep() {
    if [ ! -e "$folder/$1" ]; then
        printf '%s' "$2" >"$folder/$1.new"
        chmod 444 "$folder/$1.new"
        mv "$folder/$1.new" "$folder/$1"
        echo "made $folder/$1"
    fi
}

for name in secret_key field_keys index_key database_password valkey_password metrics_token; do
    keep "$name" "$(fresh)"
done
keep database_url "postgres://supervision:$(cat "$folder/database_password")@postgres:5432/supervision"
keep redis_url "redis://:$(cat "$folder/valkey_password")@valkey:6379/0"
keep cache_url "redis://:$(cat "$folder/valkey_password")@valkey:6379/1"
keep evidence_storage_options '{"location": "/data/evidence"}'
