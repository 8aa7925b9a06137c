/** Traces of calls for OpenTelemetry: everything by the variables that all of its programs share. */
export interface TracingSettings {
  /** All variables of OpenTelemetry, as its own packages read them. */
  readonly env: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'OTEL_';
export const TRACES_EXPORTER = 'OTEL_TRACES_EXPORTER';
/** Of each, the first that is set counts. */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const PROTOCOLS = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];

const EXPORTER_EXPECTED = 'Expected otlp, or none';
const ENDPOINT_EXPECTED =
  'Expected http:// or https://, host and port of an OTLP receiver, such as http://127.0.0.1:4318';
const PROTOCOL_EXPECTED =
  'Expected http/json, or http/protobuf, whose receivers take JSON as well; the port is 4318 as a rule';

/** What is wrong with a variable; its value may be a secret. */
export interface TracingProblem {
  readonly variable: string;
  readonly message: string;
  readonly expected: string;
}

/**
 * Off unless `OTEL_TRACES_EXPORTER` says `otlp`: elsewhere that is its default, but a call's numbers leave the machine
 * only where somebody has said so.
 */
export function tracingOf(env: Environment): TracingSettings | undefined {
  const isOff = env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
  if (isOff || env[TRACES_EXPORTER]?.trim() !== 'otlp') return undefined;
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && value ? [[name, value] as const] : [],
  );
  return { env: Object.fromEntries(own) };
}

/** What would make traces go nowhere. */
export function problemsOfTracing(env: Environment): readonly TracingProblem[] {
  const exporter = env[TRACES_EXPORTER]?.trim();
  if (exporter && exporter !== 'otlp' && exporter !== 'none')
    return [{ variable: TRACES_EXPORTER, message: 'not usable', expected: EXPORTER_EXPECTED }];
  if (!tracingOf(env)) return [];
  return [
    ...wrong(env, ENDPOINTS, isEndpoint, ENDPOINT_EXPECTED),
    ...wrong(
      env,
      PROTOCOLS,
      (protocol) => /^http\/(json|protobuf)$/.test(protocol),
      PROTOCOL_EXPECTED,
    ),
  ];
}

function wrong(
  env: Environment,
  names: readonly string[],
  isRight: (value: string) => boolean,
  expected: string,
): readonly TracingProblem[] {
  const variable = names.find((name) => env[name]);
  if (variable === undefined || isRight(env[variable]?.trim() ?? '')) return [];
  return [{ variable, message: 'not usable', expected }];
}

function isEndpoint(url: string): boolean {
  return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url);
}
