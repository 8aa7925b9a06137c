import { dashboardOfCalls } from './dashboard-of-calls';
import { figuresOfCalls } from './figures-of-calls';
import { onLab, PBX } from './on-lab';
import { operatorsQuestions } from './operators-questions';
import { toldToOthers } from './told-to-others';

onLab((lab) => {
  figuresOfCalls(lab, PBX);
  operatorsQuestions(lab, PBX);
  toldToOthers(lab);
  dashboardOfCalls(lab);
});
