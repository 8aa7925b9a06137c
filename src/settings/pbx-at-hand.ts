/** The PBX that a policy is for, as the settings tell it to commands that need nothing else of them. */
export interface PbxAtHand {
  /** Whether a FreeSWITCH is served; undefined where the settings name no PBX. */
  readonly freeswitch: boolean | undefined;
  /** Whether it is alone. */
  readonly onlyFreeswitch: boolean;
  /** Whether SIP is mirrored to crankback. */
  readonly mirrored: boolean;
}

/** @param environment as the service reads it; what is wrong in it is for the service to say */
export function pbxAtHand(environment: Readonly<Record<string, string | undefined>>): PbxAtHand {
  const has = (name: string): boolean => (environment[name] ?? '') !== '';
  const asterisk = has('CRANKBACK_ARI_URL');
  const freeswitch = has('CRANKBACK_ESL_HOST');
  return {
    freeswitch: asterisk || freeswitch ? freeswitch : undefined,
    onlyFreeswitch: freeswitch && !asterisk,
    mirrored: has('CRANKBACK_HEP_PORT'),
  };
}
