import { leaks } from './leaks';
import { onLab } from './on-lab';

onLab(leaks);
