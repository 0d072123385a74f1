import type { StoredTwins } from './twin-rows.ts';

const stored = import.meta.glob<StoredTwins>('/models/twins.json', { eager: true, import: 'default' });

/** What was measured of the twins after training; undefined where this copy of the site has none. */
export const STORED: StoredTwins | undefined = Object.values(stored)[0];
