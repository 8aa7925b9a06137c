/** What figures can be told apart by. */
export const FIGURES_BY = ['trunk', 'route', 'pbx', 'instance'] as const;
export type FiguresBy = (typeof FIGURES_BY)[number];
