import { asteriskDialect } from '../adapters/asterisk/trunks/dialect';
import { TrunkNames as AsteriskTrunkNames } from '../adapters/asterisk/trunks/trunk-names';
import { freeswitchDialect } from '../adapters/freeswitch/trunks/dialect';
import { TrunkNames as FreeswitchTrunkNames } from '../adapters/freeswitch/trunks/trunk-names';
import type { DialectFactory } from './cli/explain-sip';

/** Remedies in the words of each PBX, for `crankback explain --sip`; which codecs a PBX translates is not known. */
export const dialectsOf: DialectFactory = (policy) => {
  const trunks = [...(policy?.trunks.values() ?? [])];
  const asterisk = new AsteriskTrunkNames(trunks);
  const freeswitch = new FreeswitchTrunkNames(trunks);
  return new Map([
    ['asterisk', asteriskDialect((trunk) => asterisk.endpointOf(trunk))],
    ['freeswitch', freeswitchDialect((trunk) => freeswitch.gatewayOf(trunk))],
  ]);
};
