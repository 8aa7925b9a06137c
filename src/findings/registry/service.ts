import { findings } from '../finding';

/** The running service, its HTTP, and what commands are asked. */
export const SERVICE = findings({
  CB8001: {
    severity: 'error',
    title: 'no crankback answers',
    means: 'The service is not running, or listens elsewhere. Calls take the static fallback.',
    seen: 'Every command that asks the service, and `crankback doctor`.',
    mend: '`systemctl start crankback`; `CRANKBACK_HTTP_HOST` and `CRANKBACK_HTTP_PORT` as the service has them.',
  },
  CB8002: {
    severity: 'error',
    title: 'the service refuses the request',
    means: 'The token is missing or another one, or what was asked is not possible.',
    seen: 'Commands, and `crankback doctor`.',
    mend: 'Set `CRANKBACK_HTTP_READ_TOKEN_FILE` (reading) or `CRANKBACK_HTTP_TOKEN_FILE` (holding) as the service has it.',
  },
  CB8003: {
    severity: 'error',
    title: 'the service is ending',
    means: 'New calls take the static fallback; those that wait are still answered.',
    seen: '`/ready`.',
    mend: 'Start it again.',
  },
  CB8004: {
    severity: 'error',
    title: 'what answers is another crankback, or none',
    means: 'The command does not understand the answer.',
    seen: 'Commands, and `crankback doctor`.',
    mend: 'Restart the service after an upgrade; correct `CRANKBACK_HTTP_PORT`.',
  },
  CB8005: {
    severity: 'error',
    title: 'the service cannot answer now',
    means: 'It is there, and has too much to do, or is ending.',
    seen: 'Commands.',
    mend: 'Ask again; a shorter `--since` costs less.',
  },
  CB8006: {
    severity: 'error',
    title: 'a command was asked something that it does not understand',
    means: 'Nothing was done.',
    seen: 'Commands, with code 2.',
    mend: 'As the message says, or `crankback COMMAND --help`.',
  },
  CB8007: {
    severity: 'error',
    title: 'crankback cannot listen for HTTP',
    means: 'The service does not start. Most often another crankback is running.',
    seen: 'At the start.',
    mend: '`ss -tlpn` shows who has the port; `CRANKBACK_HTTP_HOST`, `CRANKBACK_HTTP_PORT`.',
  },
  CB8008: {
    severity: 'error',
    title: 'the PBX is not yet connected',
    means: 'crankback has just been started, or the PBX does not answer.',
    seen: '`/ready`.',
    mend: 'Wait a second; afterwards another reason stands there.',
  },
  CB8009: {
    severity: 'warning',
    title: 'plans on board could not be made void',
    means: 'Calls follow plans of a moment ago until the PBX hears of the new generation.',
    seen: 'Log.',
    mend: 'See why the PBX is not connected: `/ready`.',
  },
  CB8010: {
    severity: 'error',
    title: 'the running service is not ready',
    means: 'Calls are not decided; they take the static fallback.',
    seen: '`crankback doctor`; each reason has its own code.',
    mend: 'As for the code of the reason.',
  },
  CB8011: {
    severity: 'warning',
    title: 'a call went its static way',
    means: 'crankback had no answer in time, or the PBX could not carry the decision out.',
    seen: 'Log `fallback`, `crankback_fallbacks_total`.',
    mend: 'Look at `/ready` of that time, and at the reason in the line.',
  },
  CB8012: {
    severity: 'error',
    title: 'a plan said something else than the policy does',
    means: 'A fault of crankback.',
    seen: 'Log `plan mismatch`.',
    mend: 'Please report it, with `crankback why HUNT --json`.',
  },
  CB8013: {
    severity: 'warning',
    title: 'an answer was not taken',
    means: 'The call had gone meanwhile: its caller hung up, or it took the fallback.',
    seen: 'Log `answer not taken`.',
    mend: 'Nothing, where it is seldom; otherwise look at the machine’s load.',
  },
  CB8014: {
    severity: 'warning',
    title: 'the running service is another version than this program',
    means:
      'It was upgraded and not restarted, or two are installed. Calls are decided by what runs; where the contracts differ, the dialplan of the upgrade does not fit it.',
    seen: '`crankback doctor`, by `running` in `/ready`.',
    mend: '`systemctl restart crankback`. Calls in progress go on.',
  },
  CB8015: {
    severity: 'warning',
    title: 'traces of calls are not taken',
    means:
      'Calls are decided as always; their traces are kept for a short time and then lost, which is counted.',
    seen: 'Log, once for each time, and `/ready` (warnings).',
    mend: '`OTEL_EXPORTER_OTLP_ENDPOINT` and the receiver of OTLP over HTTP there: [opentelemetry.md](opentelemetry.md).',
  },
  CB8017: {
    severity: 'error',
    title: 'one of several PBXes is not served',
    means:
      'It is set up so that it cannot be used, or another instance has it. Its calls follow their static fallback; the other PBXes are served.',
    seen: 'Log, with the reason, and `/ready`, where it is the reason.',
    mend: 'Mend what the reason names. It is looked at again every 5 s; what stands in `crankback.yaml` is read at a start.',
  },
  CB8016: {
    severity: 'warning',
    title: 'a variable of OpenTelemetry has a value that its packages do not take',
    means: 'They use their default instead.',
    seen: 'Log, in their own words.',
    mend: 'Correct the `OTEL_…` variable that is named.',
  },
  CB8018: {
    severity: 'note',
    title: 'what of the policy travels to the PBX',
    means:
      'Calls of so many routes begin without asking, and follow the policy while crankback is away, until the time that is named; calls of the others ask, and take the static fallback then.',
    seen: '`crankback doctor`, where the policy has `travel: on` and a service answers; `/ready` (`travels`).',
    mend: 'Nothing is wrong. `survive` of the policy says for how long, what a route asks for says why.',
  },
});
