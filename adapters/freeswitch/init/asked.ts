import type { PbxAddress } from '../../../src/init/pbx';
import { documentOf, type Element } from './document';
import type { RunningFreeswitch } from './running';

/** What a running FreeSWITCH says, and where it was asked. */
export interface Asked {
  readonly said: RunningFreeswitch;
  readonly at: PbxAddress;
  readonly root: Element | undefined;
}

export async function asked(said: RunningFreeswitch, at: PbxAddress): Promise<Asked> {
  const { root } = await documentOf(said.xml);
  return { said, at, root };
}
