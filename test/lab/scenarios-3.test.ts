import { playScenarios } from './scenarios';

playScenarios(3);
