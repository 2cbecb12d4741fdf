#!/bin/sh
# Secrets of a lab in containers. Nobody has to choose one, and none is in a file of the checkout:
#   secrets make           the first `up` makes them in the volume that is mounted at /secrets; those that are there stay
#   secrets run PROGRAM …  runs a process with those that the environment does not give
set -eu
random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }
case "${1:-}" in
  make)
    umask 077
    for name in agent-token database-password; do
      [ -s "/secrets/$name" ] && continue
      random > "/secrets/$name.new"
      # PostgreSQL's container, whose account is another, sets the password of the lab's role.
      [ "$name" = database-password ] && chmod 444 "/secrets/$name.new"
      mv "/secrets/$name.new" "/secrets/$name"
    done
    chmod 711 /secrets
    ;;
  run)
    shift
    # Whatever it keeps in its volume is its own.
    umask 077
    if [ -z "${FAULTLINE_AGENT_TOKEN:-}" ] && [ -r /secrets/agent-token ]; then
      FAULTLINE_AGENT_TOKEN=$(cat /secrets/agent-token)
      export FAULTLINE_AGENT_TOKEN
    fi
    if [ -z "${DATABASE_URL:-}" ] && [ -r /secrets/database-password ]; then
      DATABASE_URL="postgresql://faultline:$(cat /secrets/database-password)@postgres:5432/faultline"
      export DATABASE_URL
    fi
    exec "$@"
    ;;
  *)
    echo 'secrets make | secrets run PROGRAM ...' >&2
    exit 1
    ;;
esac
