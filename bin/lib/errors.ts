import { Fault } from '#lib/base/errors.ts';
import { ModelConfigError } from '#lib/models/model-config.ts';
import { WeightsError } from '#lib/weights/source.ts';

type Details = Fault['details'];

/** The faults that a command can meet, as one sentence each; the page's sentences (src/lib/i18n) speak of the page. */
const FAULTS: Partial<Record<Fault['code'], (d: Details) => string>> = {
  'image-not-image': (d) =>
    d.type
      ? `${d.file} is a ${d.type} picture, which is not read here; save it as JPEG or PNG`
      : `${d.file} is not a picture; JPEG, PNG, WebP, GIF, AVIF and TIFF can be read`,
  'image-too-large': (d) => `${d.file} has too many pixels${d.width ? `, ${d.width} × ${d.height}` : ''}`,
  'image-too-small': (d) => `${d.file} has no pixels`,
  'image-unreadable': (d) => `${d.file} is a damaged picture and cannot be decoded`,
  'wasm-memory': () => 'the model and the asked tensors do not fit WebAssembly’s 4 GB; ask for fewer tensors',
  'run-failed': (d) => `the model could not be run: ${d.reason}`,
};

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be opened',
  EISDIR: 'it is a folder, a file is needed',
  ENOTDIR: 'a folder was expected in its path',
  ENOSPC: 'the disk is full',
};

/** Any error as one sentence with a full stop. */
export function sentence(error: unknown): string {
  return `${text(error)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[.\s]+$/, '')}.`;
}

function text(error: unknown): string {
  if (error instanceof WeightsError || error instanceof ModelConfigError) return error.message;
  if (error instanceof Fault) return FAULTS[error.code]?.(error.details) ?? error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined && SYSTEM[code]) return `${path}: ${SYSTEM[code]}`;
  return error.message;
}
