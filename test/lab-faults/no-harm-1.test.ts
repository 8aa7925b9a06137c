import { playQuickFaults } from './no-harm';

playQuickFaults(1);
