export * from './patches.ts';
export * from './preprocess.ts';
export { resample } from './resample.ts';
export * from './rgba.ts';
export { sniffImage, type ImageType, type Sniffed } from './sniff.ts';
