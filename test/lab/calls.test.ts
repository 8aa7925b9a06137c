import { cdrKeys } from './cdr-keys';
import { holds } from './holds';
import { onLab, PBX } from './on-lab';
import { scenariosOfCalls } from './scenarios-of-calls';

onLab((lab, folder) => {
  holds(lab, folder);
  scenariosOfCalls(lab, folder, PBX);
  if (PBX === 'asterisk') cdrKeys(lab, folder);
});
