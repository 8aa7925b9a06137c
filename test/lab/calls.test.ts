import { cdrKeys } from './cdr-keys';
import { holds } from './holds';
import { hostileNumbers } from './hostile-numbers';
import { onLab, PBX } from './on-lab';
import { relayTable } from './relay-table';
import { scenariosOfCalls } from './scenarios-of-calls';

onLab((lab, folder) => {
  holds(lab, folder);
  scenariosOfCalls(lab, folder, PBX);
  hostileNumbers(lab, folder);
  relayTable(lab, PBX);
  if (PBX === 'asterisk') cdrKeys(lab, folder);
});
