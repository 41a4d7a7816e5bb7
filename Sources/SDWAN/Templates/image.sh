#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# LXD, a pool and a profile of our own in it, and the image of VyOS.

prepare_lxd() {
  local until=$((SECONDS + 60))
  quietly 130 "LXD" lxd waitready --timeout=120 || say "LXD did not report that it is ready: $(said)"
  # What else is on this host keeps its own pools and profiles.
  # A profile can't be changed while an instance of it is stopping, as one is for a while that did not start.
  until lxd_preseed | SAID="$work/said" limited 60 "LXD" lxd init --preseed; do
    if [[ $(said) != *"is busy running"* ]] || ((SECONDS >= until)); then fail "LXD refused the preseed: $(said)"; fi
    sleep 2
  done
}

# import_image - the image in LXD, under the alias vyos. An earlier run may have come as far as any part of this.
import_image() {
  local image fingerprint before
  image=$(mktemp /var/tmp/sdwan-image.XXXXXX)
  quietly 300 "the image" aws s3 cp "s3://$IMAGE_BUCKET/$IMAGE_KEY" "$image" --region "$IMAGE_REGION" ||
    fail "the image s3://$IMAGE_BUCKET/$IMAGE_KEY can't be fetched from $IMAGE_REGION: $(said)"
  # LXD's fingerprint of an image in one file is the file's SHA-256.
  fingerprint=$(limited 120 "the image" sha256sum "$image" | cut -d ' ' -f 1)
  [[ -z $IMAGE_SHA256 || $fingerprint == "$IMAGE_SHA256" ]] ||
    fail "the image s3://$IMAGE_BUCKET/$IMAGE_KEY does not have the SHA-256 $IMAGE_SHA256"
  # Without properties: LXD 5.0 dies of them where the image has none of its own.
  quietly 300 "LXD" lxc image import "$image" || is_there "$fingerprint" ||
    fail "LXD refused the image s3://$IMAGE_BUCKET/$IMAGE_KEY: $(said)"
  rm -f "$image"
  point_alias vyos "$fingerprint"
  # Only what an earlier run of ours has imported is ours to delete; its second alias tells it.
  before=$(image_of sdwan)
  if [[ -n $before && $before != "$fingerprint" ]]; then
    ask_lxd 60 image delete "$before" || say "the old image $before could not be deleted"
  fi
  point_alias sdwan "$fingerprint"
}

is_there() { [[ $(<"$work/said") == *"same fingerprint already exists"* ]] && ask_lxd 60 image info "$1" >/dev/null 2>&1; }

# image_of ALIAS - prints the fingerprint; nothing where nobody has the alias.
image_of() { ask_lxd 60 image info "$1" 2>/dev/null | sed -n 's/^Fingerprint: //p' || true; }

# point_alias ALIAS FINGERPRINT
point_alias() {
  local now
  now=$(image_of "$1")
  [[ $now != "$2" ]] || return 0
  [[ -z $now ]] || ask_lxd 60 image alias delete "$1" || fail "the alias $1 can't be taken from its old image"
  ask_lxd 60 image alias create "$1" "$2" || fail "the image can't be given the alias $1"
}
