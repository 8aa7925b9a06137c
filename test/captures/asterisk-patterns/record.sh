#!/bin/bash
# Asks a real Asterisk which numbers each pattern takes, and writes answers.tsv beside this file:
# the numbers in the first line, then a line for each pattern with those that it takes.
# Usage: record.sh [image]
set -euo pipefail
cd "$(dirname "$0")"
image=${1:-local/asterisk:20.6.0}
patterns=(
  _X _Z _N _x _z _n _XXX _NXXNXXXXXX _1NXXNXXXXXX _NXX-NXX-XXXX _9. _9! _X. _X! _. _! _0[1-9]. '_[2-7]XX'
  '_[125-9]' '_[1-35]X' '_[*#]X' '_*72' '_*72!' '_*72.' '_*X.' '_+X.' '_+49!' '_011.' '_00ZX.' '_[0-9A-D]'
  '_[+*]1' '_1-2-3' '_#X' '_[5-]' '_1[-2]3' '_ABCD' 112 '*72' '#9' '+49301'
)
numbers=(
  0 1 2 5 9 12 15 112 123 133 200 299 701 799 801 91 900 2025550101 12025550101 1025550101 2021550101
  '*72' '*721' '*7' '*' '*1' '#1' '#9' '#' '+49301' '+49' '+1' '+' 011 0114930 00 004930 000493 0301 01 A D ABCD 1A
)
name=crankback-patterns-$$
folder=$(mktemp -d)
trap 'docker rm -f "$name" >/dev/null; rm -rf "$folder"' EXIT
for at in "${!patterns[@]}"; do
  printf '[p%s]\nexten => %s,1,NoOp()\n' "$at" "${patterns[at]}"
done >"$folder/extensions.conf"
printf '%s\n' "${numbers[@]}" >"$folder/numbers"
docker create --name "$name" --network none "$image" asterisk -f -n >/dev/null
docker cp -q "$folder/extensions.conf" "$name:/etc/asterisk/extensions.conf"
docker cp -q "$folder/numbers" "$name:/tmp/numbers"
docker start "$name" >/dev/null
docker exec "$name" asterisk -rx 'core waitfullybooted' >/dev/null || {
  sleep 3
  docker exec "$name" asterisk -rx 'core waitfullybooted' >/dev/null
}
# shellcheck disable=SC2016
ask='while read -r number; do
  asterisk -rx "dialplan show $number@p$1" | grep -q "NoOp()" && printf "\t%s" "$number"
done </tmp/numbers; true'
{
  printf 'numbers'
  printf '\t%s' "${numbers[@]}"
  printf '\n'
  for at in "${!patterns[@]}"; do
    printf '%s' "${patterns[at]}"
    docker exec "$name" sh -c "$ask" ask "$at"
    printf '\n'
  done
} >"$folder/answers.tsv"
mv "$folder/answers.tsv" answers.tsv
