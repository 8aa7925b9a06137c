import type { HeaderName, VariableName } from './header-names';

/**
 * Headers and `variable_…` of an ESL event in JSON, or the channel data of an outbound socket: those that
 * `header-names.ts` names, decoded.
 */
export type ChannelData = { readonly [name in HeaderName]?: string | undefined };

/** A channel variable; undefined if absent or empty. */
export function variable(data: ChannelData, name: VariableName): string | undefined {
  return data[`variable_${name}`] || undefined;
}

/** Call-ID of the leg's SIP; undefined for a leg that is not SIP. */
export function callIdOf(leg: ChannelData): string | undefined {
  return variable(leg, 'sip_call_id');
}

/** A variable or header as a whole number of at most 17 digits; undefined for any other text. */
export function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,17}$/.test(text) ? Number(text) : undefined;
}

/** A final SIP status, 300–699. */
export function finalStatus(text: string | undefined): number | undefined {
  const status = integer(text?.replace(/^sip:/, ''));
  return status !== undefined && status >= 300 && status <= 699 ? status : undefined;
}

export type ChannelTime = HeaderName extends infer Name
  ? Name extends `Caller-Channel-${infer Time}-Time`
    ? Time
    : never
  : never;

/** One of the `Caller-Channel-…-Time` headers, Unix time in milliseconds; undefined for "never". */
export function timeOf(data: ChannelData, event: ChannelTime): number | undefined {
  const microseconds = integer(data[`Caller-Channel-${event}-Time`]);
  return microseconds ? microseconds / 1000 : undefined;
}
