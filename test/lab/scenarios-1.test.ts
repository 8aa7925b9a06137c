import { playScenarios } from './scenarios';

playScenarios(1);
