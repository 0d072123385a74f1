import type { Ablations } from './ablations.ts';

const found = import.meta.glob<Ablations>('/models/ablations.json', { eager: true, import: 'default' });
/** Our short trainings; undefined where this copy of the site has none. */
export const ABLATIONS: Ablations | undefined = Object.values(found)[0];
