/** The model that a page shows where nobody has chosen one: a folder under `models/`. Links leave it out. */
export const FIRST_MODEL = 'vit-flexi';

/** The published size shown where this copy of the site has no model. */
export const FIRST_PRESET = 'vit-ti-16';
