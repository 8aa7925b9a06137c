import anhuiZhanxing from './carriers/anhui-zhanxing.json';
import bandwidth from './carriers/bandwidth.json';
import commio from './carriers/commio.json';
import exotel from './carriers/exotel.json';
import myphoner from './carriers/myphoner.json';
import plivo from './carriers/plivo.json';
import shenzhenDazhong from './carriers/shenzhen-dazhong.json';
import sinch from './carriers/sinch.json';
import sipTg from './carriers/sip-tg.json';
import sipUs from './carriers/sip-us.json';
import sipcall from './carriers/sipcall.json';
import sipgate from './carriers/sipgate.json';
import telnyx from './carriers/telnyx.json';
import twilio from './carriers/twilio.json';
import voicehost from './carriers/voicehost.json';
import vonage from './carriers/vonage.json';
import voximplant from './carriers/voximplant.json';
import zapappi from './carriers/zapappi.json';
import type { FailureClass, Fault } from './classes';

/** One fact of a carrier's published list: what it means by a status, a phrase or a code of its own. */
export interface CarrierEntry {
  readonly sip: number;
  /** Without it and without `code`: the bare status. */
  readonly phrase?: string;
  /** The carrier's own code, always the last word of the phrase: `D35`. */
  readonly code?: string;
  /** The phrase is too general to mean this with other carriers. */
  readonly only?: true;
  /** One line for people. */
  readonly meaning: string;
  readonly class: FailureClass;
  readonly fault: Fault;
  /** The page that says so. */
  readonly source: string;
}

export interface Carrier {
  /** For people. */
  readonly name: string;
  readonly entries: readonly CarrierEntry[];
}

/** By the name that `carrier:` of a trunk has; one file per carrier, in the order of the names. */
const LISTS = {
  'anhui-zhanxing': anhuiZhanxing,
  bandwidth,
  commio,
  exotel,
  myphoner,
  plivo,
  'shenzhen-dazhong': shenzhenDazhong,
  sinch,
  'sip-tg': sipTg,
  'sip-us': sipUs,
  sipcall,
  sipgate,
  telnyx,
  twilio,
  voicehost,
  vonage,
  voximplant,
  zapappi,
};

/** Carriers and platforms whose lists are shipped. Facts of public pages, in words of our own. */
export const CARRIERS: ReadonlyMap<string, Carrier> = new Map(
  Object.entries(LISTS as Readonly<Record<string, Carrier>>),
);

export const CARRIER_NAMES: readonly string[] = [...CARRIERS.keys()];
