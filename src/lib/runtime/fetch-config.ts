import { parseModelConfig, type ModelConfig } from '#lib/models/model-config.ts';
import { fetchText } from './fetch-text.ts';

/**
 * Fetches and checks `<folder>config.json`.
 * Throws Fault: `model-missing`, `offline`, `download-failed`, `config-invalid`.
 */
export async function fetchConfig(folder: string, fetch = globalThis.fetch): Promise<ModelConfig> {
  const { text, file } = await fetchText(folder, 'config.json', fetch);
  return parseModelConfig(text, file);
}
