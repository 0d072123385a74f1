/** How an out-block takes the long skip s into its stream h (Bao et al. 2023, section 3.1). */
export const SKIPS = ['concat', 'add', 'project-add', 'add-project', 'none'] as const;
export type Skip = (typeof SKIPS)[number];
