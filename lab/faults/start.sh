#!/bin/sh
# Starts crankback for the fault suite. The flags of a fault are files in /faults/flags. Faults find
# /tmp/crankback.pid and /tmp/reader.pid.
echo $$ >/tmp/crankback.pid
# The "disk": /dev/shm, 1 MB.
log=/dev/shm/log
if ! test -e /faults/flags/log-to-disk; then
  log=/tmp/log
  rm -f $log
  mkfifo $log
  # Not this shell's own child: its end would stay a zombie of crankback.
  (cat $log & echo $! >/tmp/reader.pid)
fi
if test -e /faults/flags/disk-is-full; then dd if=/dev/zero of=/dev/shm/filler bs=1k 2>/dev/null; fi
if test -e /faults/flags/few-descriptors; then ulimit -n 64; fi
exec chrt --batch 0 node /opt/crankback/main.js "$@" >$log 2>&1
