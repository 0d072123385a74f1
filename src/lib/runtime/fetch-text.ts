import { Fault } from '#lib/base/errors.ts';

/** A text file beside a model, and how it is called in faults: `<model>/<name>`. */
export interface ModelText {
  readonly text: string;
  readonly file: string;
}

/**
 * Fetches a text file of a model's folder.
 * @param folder address, with a slash at its end
 * @throws Fault `model-missing`, `offline`, `download-failed`
 */
export async function fetchText(folder: string, name: string, fetch = globalThis.fetch): Promise<ModelText> {
  const file = `${new URL(folder).pathname.split('/').at(-2) ?? ''}/${name}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(folder + name);
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
  return { text, file };
}
