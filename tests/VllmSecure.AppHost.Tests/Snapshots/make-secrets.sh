#!/bin/sh
# Makes the secrets of docker-compose.yaml where they are missing; run it beside that file, as often as you like.
# Compose hands a file over with the owner and mode it has here, and the services run as users of their own:
# so each file is readable by all (0444), inside a folder that only its owner enters (0700).
set -eu
umask 077
mkdir -p secrets
chmod 0700 secrets

replace() { # name, content
  rm -f "secrets/$1"
  printf '%s' "$2" > "secrets/$1"
  chmod 0444 "secrets/$1"
  echo "made secrets/$1"
}

write() { # name, content: where it is missing
  [ -e "secrets/$1" ] || replace "$1" "$2"
}

given() { # name, content: where it is given now, whatever was there
  [ -z "$2" ] || [ "$(cat "secrets/$1" 2> /dev/null)" = "$2" ] || replace "$1" "$2"
}

random() {
  head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'
}

write api-key "vs-$(random)"        # the first key of your clients
given vllm-api-key "${VLLM_API_KEY:-}" # of servers that run already: VLLM_API_KEY=… ./make-secrets.sh
write vllm-api-key "$(random)"      # between the proxy and vLLM
write dashboard-token "$(random)"   # to log in to http://localhost:18888, through an SSH tunnel
write otlp-key "$(random)"          # between the services and the dashboard
given otlp-headers "x-otlp-api-key=$(cat secrets/otlp-key)"
given hugging-face-token "${HF_TOKEN:-}" # for gated models: HF_TOKEN=hf_… ./make-secrets.sh
write hugging-face-token ""         # Compose wants the file even when it is empty
