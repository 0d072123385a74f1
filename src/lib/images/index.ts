export * from './patches.ts';
export * from './preprocess.ts';
export { resample } from './resample.ts';
export type { Rgba } from './rgba.ts';
