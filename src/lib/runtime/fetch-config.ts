import { Fault } from '#lib/base/errors.ts';
import { parseModelConfig, type ModelConfig } from '#lib/models/model-config.ts';

/**
 * Fetches and checks `<folder>config.json`.
 * Throws Fault: `model-missing`, `offline`, `download-failed`, `config-invalid`.
 */
export async function fetchConfig(folder: string, fetch = globalThis.fetch): Promise<ModelConfig> {
  const file = `${new URL(folder).pathname.split('/').at(-2) ?? ''}/config.json`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${folder}config.json`);
    text = await response.text();
  } catch (error) {
    if (globalThis.navigator?.onLine === false) throw new Fault('offline', { file }, error);
    throw new Fault('download-failed', { file }, error);
  }
  const page = response.headers.get('content-type')?.startsWith('text/html');
  if (response.status === 404 || (response.ok && page)) {
    throw new Fault('model-missing', { file, status: response.status });
  }
  if (!response.ok) throw new Fault('download-failed', { file, reason: `HTTP ${response.status}` });
  return parseModelConfig(text, file);
}
