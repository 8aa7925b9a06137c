#!/bin/sh
# Starts crankback for the fault suite. Its faults leave files in /tmp: `descriptors` with the limit of open
# files, `log-to-disk`, `disk-is-full`; and find there `crankback.pid` and `reader.pid`.
echo $$ >/tmp/crankback.pid
log=/small/log
if ! test -e /tmp/log-to-disk; then
  log=/tmp/log
  rm -f $log
  mkfifo $log
  # Not this shell's own child: its end would stay a zombie of crankback.
  (cat $log & echo $! >/tmp/reader.pid)
fi
if test -e /tmp/disk-is-full; then dd if=/dev/zero of=/small/filler bs=1k 2>/dev/null; fi
if test -e /tmp/descriptors; then ulimit -n "$(cat /tmp/descriptors)"; fi
exec chrt --batch 0 node /opt/crankback/dist/src/main.js "$@" >$log 2>&1
