import * as z from 'zod';

const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string().optional(),
  /** The leg's SIP Call-ID; empty before its INVITE. */
  protocol_id: z.string().optional(),
  caller: z.object({ number: z.string() }).optional(),
});
export type Channel = z.infer<typeof Channel>;

const StasisStart = z.object({
  type: z.literal('StasisStart'),
  /** By Asterisk's clock, `2026-11-21T05:20:51.587+0000`. */
  timestamp: z.string().optional(),
  args: z.array(z.string()),
  channel: Channel,
});
/** `dialstatus` is empty at the start, RINGING and PROGRESS on the way, final at the end. */
const Dial = z.object({
  type: z.literal('Dial'),
  timestamp: z.string().optional(),
  dialstatus: z.string(),
  forward: z.string().optional(),
  /** What was dialled, `201@carrier-a`. */
  dialstring: z.string().optional(),
  caller: Channel.extend({
    dialplan: z
      .object({
        context: z.string(),
        exten: z.string().optional(),
        /** Arguments of `Dial()`. */
        app_data: z.string().optional(),
      })
      .optional(),
  }).optional(),
  peer: Channel,
});
const ChannelStateChange = z.object({ type: z.literal('ChannelStateChange'), channel: Channel });
/** `soft` marks hangups requested on this side; without it the far side ended the channel. */
const ChannelHangupRequest = z.object({
  type: z.literal('ChannelHangupRequest'),
  channel: Channel,
  cause: z.number().optional(),
  tech_cause: z.number().optional(),
  soft: z.boolean().optional(),
});
const ChannelDestroyed = z.object({
  type: z.literal('ChannelDestroyed'),
  channel: Channel,
  cause: z.number(),
  tech_cause: z.number().optional(),
});

/** `UserEvent()` of the dialplan, ours or a user's own. */
const ChannelUserevent = z.object({
  type: z.literal('ChannelUserevent'),
  timestamp: z.string().optional(),
  eventname: z.string(),
  userevent: z.record(z.string(), z.unknown()),
  channel: Channel.optional(),
});

const WantedEvent = z.discriminatedUnion('type', [
  StasisStart,
  Dial,
  ChannelStateChange,
  ChannelHangupRequest,
  ChannelDestroyed,
  ChannelUserevent,
]);

/** The ARI events that crankback reads, with the fields it reads. */
export type WantedEvent = z.infer<typeof WantedEvent>;
export type StasisStart = z.infer<typeof StasisStart>;
export type UserEvent = z.infer<typeof ChannelUserevent>;
export type DialEvent = z.infer<typeof Dial>;

const WANTED = new Set<unknown>([
  'StasisStart',
  'Dial',
  'ChannelStateChange',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelUserevent',
]);

/** The event if it is one that crankback reads; `unusable` if it should be one but lacks its fields. */
export function readEvent(event: unknown): WantedEvent | 'unusable' | undefined {
  if (typeof event !== 'object' || event === null || !('type' in event)) return 'unusable';
  if (!WANTED.has(event.type)) return undefined;
  const read = WantedEvent.safeParse(event);
  return read.success ? read.data : 'unusable';
}

/**
 * Whether an event, as Asterisk writes it, has nothing that `Legs` uses: a fifth of a call's events. Only
 * the text is searched, since parsing costs more than everything done with the event.
 */
export function isOfNoUse(text: string): boolean {
  if (text.includes('"type":"ChannelStateChange"')) return !text.includes('"state":"Ringing"');
  return text.includes('"soft":true') && text.includes('"type":"ChannelHangupRequest"');
}
