import { dashboardOfCalls } from './dashboard-of-calls';
import { figuresOfCalls } from './figures-of-calls';
import { hostileNumbers } from './hostile-numbers';
import { onLab, PBX } from './on-lab';
import { operatorsQuestions } from './operators-questions';
import { relayTable } from './relay-table';
import { toldToOthers } from './told-to-others';

onLab((lab, folder) => {
  hostileNumbers(lab, folder);
  relayTable(lab, PBX);
  if (PBX === 'asterisk') {
    figuresOfCalls(lab, PBX);
    operatorsQuestions(lab, PBX);
    toldToOthers(lab);
    dashboardOfCalls(lab);
  }
});
