#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# LXD, a pool and a profile of our own in it, and the image of VyOS.

prepare_lxd() {
  quietly 130 "LXD" lxd waitready --timeout=120 || say "LXD did not report that it is ready: $(said)"
  # What else is on this host keeps its own pools and profiles.
  lxd_preseed | SAID="$work/said" limited 60 "LXD" lxd init --preseed || fail "LXD refused the preseed: $(said)"
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
  quietly 300 "LXD" lxc image import "$image" sdwan=image || is_there "$fingerprint" ||
    fail "LXD refused the image s3://$IMAGE_BUCKET/$IMAGE_KEY: $(said)"
  rm -f "$image"
  before=$(ask_lxd 60 image info vyos 2>/dev/null | sed -n 's/^Fingerprint: //p') || before=
  [[ $before != "$fingerprint" ]] || return 0
  [[ -z $before ]] || ask_lxd 60 image alias delete vyos || fail "the alias vyos can't be taken from its old image"
  ask_lxd 60 image alias create vyos "$fingerprint" || fail "the image can't be given the alias vyos"
  # Only what an earlier run of ours has imported is ours to delete.
  if [[ -n $before && $(ask_lxd 60 image get-property "$before" sdwan 2>/dev/null) == image ]]; then
    ask_lxd 60 image delete "$before" || say "the old image $before could not be deleted"
  fi
}

is_there() { [[ $(<"$work/said") == *"same fingerprint already exists"* ]] && ask_lxd 60 image info "$1" >/dev/null 2>&1; }
