import { playScenarios } from './scenarios';

playScenarios(4);
