import { findings } from '../finding';

/** SIP that the PBX mirrors. */
export const HEP = findings({
  CB7001: {
    severity: 'error',
    title: 'crankback cannot listen for mirrored SIP',
    means: 'The service does not start.',
    seen: 'At the start.',
    mend: 'Another program has the port (`ss -ulpn`), or the address is not this machine’s: `CRANKBACK_HEP_HOST`, `CRANKBACK_HEP_PORT`.',
  },
  CB7002: {
    severity: 'warning',
    title: 'the PBX has sent SIP, and none of it was mirrored',
    means:
      'Reason headers, Retry-After, Warning and session descriptions are unknown; less is known of failures.',
    seen: '`/ready` (warnings), log.',
    mend: '`capture_address = HOST:PORT` in hep.conf; `capture-server` and `sip-capture` in sofia.',
  },
  CB7003: {
    severity: 'warning',
    title: 'mirrored SIP has another password',
    means: 'None of it counts.',
    seen: '`/ready` (warnings), `crankback doctor` where hep.conf can be read.',
    mend: '`capture_password` in hep.conf as in `CRANKBACK_HEP_PASSWORD_FILE`; FreeSWITCH sends none.',
  },
  CB7004: {
    severity: 'warning',
    title: 'mirrored packets come, and none of them has left the PBX',
    means: 'They are of another PBX, or the addresses do not fit.',
    seen: '`/ready` (warnings).',
    mend: 'See [hep.md](hep.md): each PBX its own port, `uuid_type = call-id`.',
  },
  CB7005: {
    severity: 'warning',
    title: 'anybody who reaches the port of mirrored SIP can forge what carriers said',
    means: 'A forged packet can change decisions.',
    seen: 'Log at the start, `crankback doctor`.',
    mend: '`CRANKBACK_HEP_PASSWORD_FILE=…` (Asterisk), or `CRANKBACK_HEP_HOST=127.0.0.1`.',
  },
  CB7006: {
    severity: 'warning',
    title: 'mirrored SIP is not received any more',
    means: 'As CB7002, until a restart.',
    seen: 'Log.',
    mend: 'Restart the service; the message says what the socket said.',
  },
  CB7007: {
    severity: 'warning',
    title: 'Asterisk mirrors no SIP',
    means: 'As CB7002.',
    seen: '`crankback doctor`: hep.conf is missing or says `enabled = no`.',
    mend: '`enabled = yes` in `[general]` of hep.conf, `module reload res_hep.so`, and `module load res_hep_pjsip.so`, which does not load with `enabled = no`.',
  },
  CB7008: {
    severity: 'warning',
    title: 'Asterisk mirrors its SIP to another place',
    means: 'As CB7002.',
    seen: '`crankback doctor`, from `capture_address` in hep.conf.',
    mend: '`capture_address = 127.0.0.1:9060`, as in `CRANKBACK_HEP_PORT`.',
  },
  CB7009: {
    severity: 'warning',
    title: 'the module that mirrors SIP is not loaded',
    means:
      'As CB7002. `res_hep` does not load where the name in `capture_address` does not resolve, or hep.conf is missing; `res_hep_pjsip` does not where it said `enabled = no` then.',
    seen: '`crankback doctor`.',
    mend: '`load = res_hep.so` and `load = res_hep_pjsip.so` in modules.conf, and `module load res_hep_pjsip.so`; an address instead of a name in hep.conf.',
  },
  CB7010: {
    severity: 'warning',
    title: 'mirrored packets are named by channel, not by Call-ID',
    means: 'Packets cannot be joined to calls reliably.',
    seen: '`crankback doctor`, from hep.conf.',
    mend: '`uuid_type = call-id` in hep.conf.',
  },
  CB7011: {
    severity: 'warning',
    title: 'the name in capture_address does not resolve',
    means: '`res_hep` does not load, and with it no SIP is mirrored.',
    seen: '`crankback doctor`.',
    mend: 'Write the address itself.',
  },
  CB7012: {
    severity: 'warning',
    title: 'FreeSWITCH mirrors no SIP, or to another place',
    means: 'As CB7002.',
    seen: '`crankback doctor`, where `CRANKBACK_HEP_PORT` is set.',
    mend: '`<param name="capture-server" value="udp:127.0.0.1:9060;hep=3"/>` in sofia.conf.xml, and `<param name="sip-capture" value="yes"/>` in each profile.',
  },
  CB7013: {
    severity: 'warning',
    title: 'another HEP collector takes no packets',
    means:
      'It misses SIP; crankback does not. What waits for it is bounded, the rest is dropped and counted.',
    seen: '`/ready` (warnings), log, `crankback_hep_forward_up` 0.',
    mend: 'Start it, or mend `CRANKBACK_HEP_FORWARD`; the message says what is in the way. With `tls://`, a certificate of your own authority needs `CRANKBACK_HEP_FORWARD_CA_FILE`.',
  },
});
