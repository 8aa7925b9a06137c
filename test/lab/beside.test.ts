import { forgedOptions } from './forged-options';
import { observing } from './observing';
import { onLab, PBX } from './on-lab';
import { optionsPing } from './options-ping';
import { secondInstance } from './second-instance';

onLab((lab, folder) => {
  optionsPing(lab, PBX);
  forgedOptions(lab, PBX);
  if (PBX === 'asterisk') {
    secondInstance(lab, folder);
    observing(lab, folder);
  }
});
