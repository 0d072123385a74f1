import { DENOISER_CONFIG } from './model.ts';

/** Tokens of a text that the denoiser is told, the two at its ends among them. */
export const TOLD = DENOISER_CONFIG.contextTokens ?? 0;
