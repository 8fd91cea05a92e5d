#!/bin/sh
# Makes the secrets of docker-compose.yaml where they are missing; run it beside that file, as often as you like.
# Compose hands a file over with the owner and mode it has here, and the services run as users of their own:
# so each file is readable by all (0444), inside a folder that only its owner enters (0700).
set -eu
umask 077
mkdir -p secrets
chmod 0700 secrets

replace() { # name, content: under its name only when it is whole, as a file that is there is kept by the next run
  rm -f secrets/.new
  printf '%s' "$2" > secrets/.new
  chmod 0444 secrets/.new
  mv -f secrets/.new "secrets/$1"
  echo "made secrets/$1"
}

make() { # name, prefix: a random one, where it is missing
  [ ! -e "secrets/$1" ] || return 0
  random=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
  if [ ${#random} -ne 64 ]; then
    echo "secrets/$1 is not made: it needs head, od, tr and /dev/urandom" >&2
    exit 1
  fi
  replace "$1" "$2$random"
}

given() { # name, content: where it is given now, whatever was there
  [ -z "$2" ] || [ "$(cat "secrets/$1" 2> /dev/null)" = "$2" ] || replace "$1" "$2"
}

make api-key vs-                    # the first key of your clients
given vllm-api-key "${VLLM_API_KEY:-}" # of servers that run already: VLLM_API_KEY=… ./make-secrets.sh
make vllm-api-key ""                # between the proxy and vLLM
make dashboard-token ""             # to log in to http://localhost:18888, through an SSH tunnel
make otlp-key ""                    # between the services and the dashboard
given otlp-headers "x-otlp-api-key=$(cat secrets/otlp-key)"
given hugging-face-token "${HF_TOKEN:-}" # for gated models: HF_TOKEN=hf_… ./make-secrets.sh
[ -e secrets/hugging-face-token ] || replace hugging-face-token "" # Compose wants the file even when it is empty
