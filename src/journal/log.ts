import winston from 'winston';

export interface LogOptions {
  readonly format: 'json' | 'readable';
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

/** Everything below U+0020, DEL, C1 and the Unicode line ends: what could forge a log line. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** winston logs an Error inside metadata as `{}`; control characters would forge lines. */
const clean = winston.format((info) => {
  for (const [key, value] of Object.entries(info)) {
    if (value instanceof Error)
      info[key] = { name: value.name, message: value.message, stack: value.stack };
    else if (typeof value === 'string') info[key] = escapeControl(value);
  }
  return info;
});

function escapeControl(text: string): string {
  return text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const readable = winston.format.printf(({ timestamp, level, message, ...fields }) => {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === 'string' && !/[\s="]/.test(value) ? value : JSON.stringify(value)}`,
    );
  return [String(timestamp), level.toUpperCase().padEnd(5), String(message), ...details].join(' ');
});

/** The service's logger: one line per attempt and decision, to standard output. */
export function createLogger(options: LogOptions): winston.Logger {
  const { combine, timestamp, json } = winston.format;
  return winston.createLogger({
    level: options.level,
    format: combine(clean(), timestamp(), options.format === 'json' ? json() : readable),
    transports: [new winston.transports.Console()],
  });
}
