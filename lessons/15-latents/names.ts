/** What the stage shows. */
export const VIEWS = [
  'paint',
  'latent',
  'lost',
  'scale',
  'told',
  'attend',
  'guide',
  'swap',
  'inpaint',
  'walk',
  'twin',
  'judged',
  'break',
  'table',
] as const;
export type ViewName = (typeof VIEWS)[number];

/** The networks whose tensors strip and drawer show. */
export const NETS = ['autoencoder', 'text', 'denoiser', 'twin'] as const;
export type NetName = (typeof NETS)[number];
