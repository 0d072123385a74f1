import { bringFamily } from '#lib/models/families.ts';
import { parseModelConfig, type ModelConfig } from '#lib/models/model-config.ts';
import { fetchText } from './fetch-text.ts';

/** The `architecture` that a config.json states; what else is wrong with it is said when it is checked. */
function architectureIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { architecture?: unknown } | null)?.architecture;
  } catch {
    return undefined;
  }
}

/**
 * Fetches and checks `<folder>config.json`, and brings the family it is of.
 * Throws Fault: `model-missing`, `offline`, `download-failed`, `config-invalid`.
 */
export async function fetchConfig(folder: string, fetch = globalThis.fetch): Promise<ModelConfig> {
  const { text, file } = await fetchText(folder, 'config.json', fetch);
  await bringFamily(architectureIn(text));
  return parseModelConfig(text, file);
}
