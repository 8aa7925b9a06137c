import { onLab, PBX } from './on-lab';
import { severalKinds, severalPbxes } from './several-pbxes';
import { twoInstances } from './two-instances';

onLab((lab) => {
  if (PBX === 'freeswitch') return severalKinds(lab);
  twoInstances(lab);
  severalPbxes(lab);
});
