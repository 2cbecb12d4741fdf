#!/bin/bash
# Health of a container, without the cost of starting a Node for each look. Ends with 0 if the part answers as it should:
#   answers http PORT PATH   HTTP status 200
#   answers smtp PORT        an SMTP greeting
#   answers kafka PORT       an answer to ApiVersions, the first question of every client
set -u
case "${1:-}" in
  http)
    exec 3<>"/dev/tcp/127.0.0.1/$2" || exit 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$3" >&3
    read -r -t 2 _ status _ <&3 && [ "$status" = 200 ] && exit 0
    echo "GET $3 on port $2 answered ${status:-nothing}"
    ;;
  smtp)
    exec 3<>"/dev/tcp/127.0.0.1/$2" || exit 1
    read -r -t 2 greeting <&3
    printf 'QUIT\r\n' >&3
    [[ "${greeting:-}" == 220* ]] && exit 0
    echo "port $2 greeted with ${greeting:-nothing}"
    ;;
  kafka)
    exec 3<>"/dev/tcp/127.0.0.1/$2" || exit 1
    # Size 10, ApiVersions (18) version 0, correlation id 1, no client id; the answer begins with its size.
    printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3
    size=$(timeout 2 head -c 4 <&3 | od -An -tu1 | tr -d ' ')
    [ -n "$size" ] && exit 0
    echo "port $2 took the question and gave no answer"
    ;;
  *) echo 'answers http PORT PATH | answers smtp PORT | answers kafka PORT' ;;
esac
exit 1
