import { playScenarios } from './scenarios';

playScenarios(2);
